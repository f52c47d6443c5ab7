package dev.ratchet.cli.node;

import dev.ratchet.admin.AdminServer;
import dev.ratchet.cli.Logs;
import dev.ratchet.cli.Version;
import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process as one node: its admin port, its log on stderr, its life until a signal. */
final class NodeProcess {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
  private static final Duration POLL = Duration.ofMillis(20);

  private NodeProcess() {}

  /** Starts the node against a registry; {@code waiting} is told what that waits for. */
  @FunctionalInterface
  interface Start {
    RunningNode start(MeterRegistry registry, Consumer<String> waiting) throws IOException;
  }

  /**
   * Runs the node until the process is told to end. Prints one line on stdout once it serves.
   *
   * @param addresses of the node, for that line
   */
  static void run(String node, HostPort admin, String addresses, Start start)
      throws IOException, InterruptedException {
    Logs.toStderr();
    LOG.info("{} starts, version {}, Java {}", node, Version.text(), Runtime.version());
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().commonTags("node", node);
    NodeHealth health = new NodeHealth();
    try (Lifetime lifetime = Lifetime.untilSignal()) {
      lifetime.add("admin port", AdminServer.start(admin, registry, health));
      RunningNode running = lifetime.add(node, start.start(registry, health::waitingFor));
      health.add(running);
      health.complete();
      while (!running.isReady()) {
        LockSupport.parkNanos(POLL.toNanos());
      }
      LOG.info("{} serves: {}", node, running.describe());
      System.out.println("ready " + node + " " + addresses + " admin=" + admin);
      lifetime.await();
    }
  }
}
