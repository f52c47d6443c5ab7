package dev.ratchet.router.resp;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.concurrent.TimeUnit;

/** What {@code INFO} and {@code HELLO} tell of the router. Thread-safe. */
final class ServerFacts {
  private final RespServer.Setup setup;
  private final RatchetClient client;
  private final RespMetrics metrics;
  private final MonotonicClock clock = MonotonicClock.system();
  private final long startedNanos = clock.nanos();

  ServerFacts(RespServer.Setup setup, RatchetClient client, RespMetrics metrics) {
    this.setup = setup;
    this.client = client;
    this.metrics = metrics;
  }

  String version() {
    return setup.version();
  }

  MonotonicClock clock() {
    return clock;
  }

  /** The text of {@code INFO}, in Redis's layout. */
  String info() {
    RouteTable routes = client.routes();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(clock.nanos() - startedNanos);
    return String.join(
        "\r\n",
        "# Server",
        "server_name:ratchet",
        "ratchet_version:" + setup.version(),
        "ratchet_node:" + setup.node(),
        "redis_mode:standalone",
        "uptime_in_seconds:" + seconds,
        "",
        "# Clients",
        "connected_clients:" + metrics.connections.get(),
        "maxclients:" + setup.maxConnections(),
        "",
        "# Stats",
        "total_commands_processed:" + (long) metrics.commands.count(),
        "calls_outstanding:" + client.outstanding(),
        "",
        "# Replication",
        "role:master",
        "",
        "# Ratchet",
        "route_version:" + routes.version(),
        "alloc_nodes:" + routes.owners().size(),
        "namespaces:" + routes.namespaces().size(),
        "");
  }
}
