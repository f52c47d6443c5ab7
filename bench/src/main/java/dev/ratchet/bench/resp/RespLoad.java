package dev.ratchet.bench.resp;

import dev.ratchet.bench.measure.Pace;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;

/** Runs of about one length against one server at one depth. */
public final class RespLoad {
  /** Enough for a first idea of the rate at any depth. */
  private static final long FIRST_REQUESTS = 20_000;

  private final RedisBenchmark benchmark;
  private final HostPort server;
  private final int depth;
  private final Pace pace;
  private long requests = FIRST_REQUESTS;

  /** {@code depth}: commands that each connection sends before it reads. */
  public RespLoad(RedisBenchmark benchmark, HostPort server, int depth, Pace pace) {
    this.benchmark = benchmark;
    this.server = server;
    this.depth = depth;
    this.pace = pace;
  }

  /** Drives the server until it is warm, and learns how many requests fill a run. */
  public void warmUp() throws IOException, InterruptedException {
    double rate = benchmark.run(server, depth, FIRST_REQUESTS);
    rate = benchmark.run(server, depth, count(rate, pace.warmUp().toMillis()));
    requests = count(rate, pace.run().toMillis());
  }

  private static long count(double rate, long millis) {
    return Math.max(FIRST_REQUESTS, (long) (rate * millis / 1_000));
  }

  /** One run: requests a second. */
  public double measure() throws IOException, InterruptedException {
    return benchmark.run(server, depth, requests);
  }

  /** Requests of one run. */
  public long requests() {
    return requests;
  }
}
