package dev.ratchet.alloc;

import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;

/**
 * Configuration of an allocation node. Immutable.
 *
 * @param node node id, unique in the cluster
 * @param zone what fails together with this node
 * @param listen where callers connect; port 0 takes a free one
 * @param advertiseHost host under which callers reach this node, as the route table names it
 * @param stores addresses of the store nodes
 * @param renewMillis time between renewals of the lease; shorter survives more lost renewals and
 *     writes more to the store
 * @param holderMillis how long a lease counts from before its renewal was sent; longer rides out a
 *     longer outage of the store, and makes failover from a crash slower, since the store waits
 *     1.25 times as long
 * @param threads event loops that serve calls
 * @param maxWaitingCalls calls that may wait for a raise at a time; past it calls are refused at
 *     once
 * @param maxWaitMillis longest time that a call waits for a raise before it is refused
 * @param counterMemoryBytes memory for the last numbers of keys; when it is used up, keys of string
 *     namespaces fall back to their section's base, and new pages of user ids are refused
 */
public record AllocConfig(
    String node,
    String zone,
    HostPort listen,
    String advertiseHost,
    List<HostPort> stores,
    int renewMillis,
    int holderMillis,
    int threads,
    int maxWaitingCalls,
    int maxWaitMillis,
    long counterMemoryBytes) {

  /** Longest time that a store election and one commit may take together, in milliseconds. */
  public static final int ELECTION_AND_COMMIT_MILLIS = 1_000;

  public AllocConfig {
    stores = List.copyOf(stores);
  }

  /** The defaults for a node of this name and place. */
  public static AllocConfig of(String node, String zone, HostPort listen, List<HostPort> stores) {
    return new AllocConfig(
        node,
        zone,
        listen,
        listen.host(),
        stores,
        250,
        1_600,
        Math.max(1, Runtime.getRuntime().availableProcessors()),
        65_536,
        250,
        Runtime.getRuntime().maxMemory() / 2);
  }

  /** All that is wrong, each naming the field and the reason; empty when it is valid. */
  public List<String> validate() {
    List<String> problems = new ArrayList<>();
    require(problems, !node.isBlank(), "node: must not be empty");
    require(problems, !zone.isBlank(), "zone: must not be empty");
    require(problems, !advertiseHost.isBlank(), "advertiseHost: must not be empty");
    require(problems, !stores.isEmpty(), "stores: must name at least one store node");
    require(problems, renewMillis >= 10, "renewMillis: must be at least 10");
    require(
        problems,
        holderMillis >= 2L * renewMillis + ELECTION_AND_COMMIT_MILLIS,
        "holderMillis: must be at least two renewals and "
            + ELECTION_AND_COMMIT_MILLIS
            + " ms (the worst store election and a commit), or losing a store leader stops every section");
    require(problems, threads >= 1, "threads: must be at least 1");
    require(problems, maxWaitingCalls >= 1, "maxWaitingCalls: must be at least 1");
    require(problems, maxWaitMillis >= 1, "maxWaitMillis: must be at least 1");
    require(problems, counterMemoryBytes >= 1 << 20, "counterMemoryBytes: must be at least 1 MiB");
    return problems;
  }

  private static void require(List<String> problems, boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
