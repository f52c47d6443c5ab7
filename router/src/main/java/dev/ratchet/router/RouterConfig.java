package dev.ratchet.router;

import dev.ratchet.client.ClientConfig;
import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;

/**
 * How a router is set up. Immutable.
 *
 * @param node name of this router, for status and logs
 * @param zone zone it runs in
 * @param listen native port; port 0 takes a free one
 * @param resp Redis port; port 0 takes a free one
 * @param allocs allocation nodes to ask first; the others are learned from them
 * @param threads event loops; more than cores only adds switching
 * @param timeoutMillis deadline of a call, retries included. Less than a failover takes (about
 *     3,000) means that callers see errors while an allocation node is replaced
 * @param maxOutstanding calls that may wait at a time, of all callers together; one more fails at
 *     once as overloaded. More takes more memory (about 200 bytes each)
 * @param maxRespConnections Redis connections; one more is refused
 * @param unreadSeconds a Redis client that leaves its replies unread for so long is cut off
 */
public record RouterConfig(
    String node,
    String zone,
    HostPort listen,
    HostPort resp,
    List<HostPort> allocs,
    int threads,
    int timeoutMillis,
    int maxOutstanding,
    int maxRespConnections,
    int unreadSeconds) {
  public static final int DEFAULT_MAX_OUTSTANDING = 262_144;
  public static final int DEFAULT_MAX_RESP_CONNECTIONS = 10_000;
  public static final int DEFAULT_UNREAD_SECONDS = 10;

  public RouterConfig {
    allocs = List.copyOf(allocs);
  }

  /** Defaults for these addresses. */
  public static RouterConfig of(
      String node, String zone, HostPort listen, HostPort resp, List<HostPort> allocs) {
    return new RouterConfig(
        node,
        zone,
        listen,
        resp,
        allocs,
        Runtime.getRuntime().availableProcessors(),
        ClientConfig.DEFAULT_TIMEOUT_MILLIS,
        DEFAULT_MAX_OUTSTANDING,
        DEFAULT_MAX_RESP_CONNECTIONS,
        DEFAULT_UNREAD_SECONDS);
  }

  /** All that is wrong with it, each naming the field and the reason; empty when nothing is. */
  public List<String> validate() {
    List<String> wrong = new ArrayList<>();
    if (node.isBlank()) {
      wrong.add("node: give the router a name");
    }
    if (zone.isBlank()) {
      wrong.add("zone: name the zone the router runs in");
    }
    if (allocs.isEmpty()) {
      wrong.add("allocs: name at least one allocation node, as HOST:PORT");
    }
    if (listen.port() != 0 && listen.port() == resp.port() && listen.host().equals(resp.host())) {
      wrong.add("resp: must be another port than listen, " + listen);
    }
    inRange(wrong, "threads", threads, 1_024);
    inRange(wrong, "timeoutMillis", timeoutMillis, ClientConfig.MAX_TIMEOUT_MILLIS);
    inRange(wrong, "maxOutstanding", maxOutstanding, 1 << 24);
    inRange(wrong, "maxRespConnections", maxRespConnections, 1 << 20);
    inRange(wrong, "unreadSeconds", unreadSeconds, 3_600);
    return wrong;
  }

  private static void inRange(List<String> wrong, String field, int value, int max) {
    if (value < 1 || value > max) {
      wrong.add(field + ": must be 1 to " + max + ", is " + value);
    }
  }

  /** The config of the client that the router forwards through. */
  ClientConfig client() {
    return ClientConfig.of(allocs)
        .withThreads(threads)
        .withTimeoutMillis(timeoutMillis)
        .withMaxOutstanding(maxOutstanding)
        .withName(node);
  }
}
