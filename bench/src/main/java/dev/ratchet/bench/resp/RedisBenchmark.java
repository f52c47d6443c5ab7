package dev.ratchet.bench.resp;

import dev.ratchet.bench.process.Programs;
import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs redis-benchmark: 50 connections that ask for the next number of one of a million keys. */
public final class RedisBenchmark {
  private static final int CONNECTIONS = 50;
  private static final int KEYS = 1_000_000;
  private static final long BOUND_SECONDS = 300;

  private final Path program;

  /**
   * The one on the PATH.
   *
   * @throws CliException that says how to install it
   */
  public RedisBenchmark(Programs programs) {
    program = programs.find("redis-benchmark", "redis-tools");
  }

  /** How it is called. */
  public List<String> commandLine(HostPort server, int depth, long requests) {
    return List.of(
        program.toString(),
        "-h",
        server.host(),
        "-p",
        Integer.toString(server.port()),
        "-c",
        Integer.toString(CONNECTIONS),
        "-P",
        Integer.toString(depth),
        "-n",
        Long.toString(requests),
        "-r",
        Integer.toString(KEYS),
        "--csv",
        "INCR",
        "key:__rand_int__");
  }

  /**
   * Runs it once.
   *
   * @param depth commands that each connection sends before it reads
   * @param requests commands in all
   * @return requests a second, as it counts them
   * @throws CliException when it fails, or the server answers with errors
   */
  public double run(HostPort server, int depth, long requests)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(commandLine(server, depth, requests)).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new CliException(ExitCode.FAILED, "redis-benchmark failed: " + said.strip());
      }
      return BenchmarkCsv.requestsPerSecond(said);
    } finally {
      process.destroyForcibly();
    }
  }
}
