package dev.ratchet.client;

import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;

/**
 * How a client reaches a cluster. Immutable.
 *
 * @param servers routers or allocation nodes to ask first; others are learned from them
 * @param timeoutMillis deadline of a call, retries included. Less than a failover takes (about
 *     3,000) means that calls fail while an allocation node is replaced
 * @param maxOutstanding calls that may wait at a time; one more fails at once as overloaded. More
 *     takes more memory (about 200 bytes each) and hides an overload for longer
 * @param threads event loops of the client
 * @param viaRouter send every call to the servers, which must be routers, instead of straight to
 *     the owner: one hop more, for networks where allocation nodes can't be reached
 * @param stallMillis a connection with calls on it that hears nothing for so long, though it was
 *     asked who is there, is given up. Twice what allocation nodes make a call wait for a raise
 *     (250 by default) or more, so that a slow answer costs no such question
 */
public record ClientConfig(
    List<HostPort> servers,
    int timeoutMillis,
    int maxOutstanding,
    int threads,
    boolean viaRouter,
    int stallMillis,
    String name) {
  public static final int DEFAULT_TIMEOUT_MILLIS = 3_000;
  public static final int DEFAULT_MAX_OUTSTANDING = 65_536;
  public static final int DEFAULT_STALL_MILLIS = 1_000;
  public static final String DEFAULT_NAME = "client";

  /** The longest deadline that can be set. */
  public static final int MAX_TIMEOUT_MILLIS = 3_600_000;

  public ClientConfig {
    servers = List.copyOf(servers);
  }

  /** Defaults for these servers. */
  public static ClientConfig of(List<HostPort> servers) {
    return new ClientConfig(
        servers,
        DEFAULT_TIMEOUT_MILLIS,
        DEFAULT_MAX_OUTSTANDING,
        Math.min(4, Runtime.getRuntime().availableProcessors()),
        false,
        DEFAULT_STALL_MILLIS,
        DEFAULT_NAME);
  }

  public ClientConfig withTimeoutMillis(int millis) {
    return new ClientConfig(servers, millis, maxOutstanding, threads, viaRouter, stallMillis, name);
  }

  public ClientConfig withMaxOutstanding(int calls) {
    return new ClientConfig(servers, timeoutMillis, calls, threads, viaRouter, stallMillis, name);
  }

  public ClientConfig withThreads(int count) {
    return new ClientConfig(
        servers, timeoutMillis, maxOutstanding, count, viaRouter, stallMillis, name);
  }

  public ClientConfig withViaRouter(boolean via) {
    return new ClientConfig(
        servers, timeoutMillis, maxOutstanding, threads, via, stallMillis, name);
  }

  public ClientConfig withStallMillis(int millis) {
    return new ClientConfig(
        servers, timeoutMillis, maxOutstanding, threads, viaRouter, millis, name);
  }

  public ClientConfig withName(String given) {
    return new ClientConfig(
        servers, timeoutMillis, maxOutstanding, threads, viaRouter, stallMillis, given);
  }

  /** All that is wrong with it, each naming the field and the reason; empty when nothing is. */
  public List<String> validate() {
    List<String> wrong = new ArrayList<>();
    if (servers.isEmpty()) {
      wrong.add("servers: name at least one router or allocation node, as HOST:PORT");
    }
    inRange(wrong, "timeoutMillis", timeoutMillis, MAX_TIMEOUT_MILLIS);
    inRange(wrong, "maxOutstanding", maxOutstanding, 1 << 24);
    inRange(wrong, "threads", threads, 1_024);
    inRange(wrong, "stallMillis", stallMillis, MAX_TIMEOUT_MILLIS);
    return wrong;
  }

  private static void inRange(List<String> wrong, String field, int value, int max) {
    if (value < 1 || value > max) {
      wrong.add(field + ": must be 1 to " + max + ", is " + value);
    }
  }
}
