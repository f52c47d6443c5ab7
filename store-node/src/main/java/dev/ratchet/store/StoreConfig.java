package dev.ratchet.store;

import dev.ratchet.store.rpc.AdminToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one store node runs. Immutable.
 *
 * @param cluster cluster id; nodes of another cluster are refused
 * @param node this node's id, which must be one of the members'
 * @param data this node's own folder; created at the first start
 * @param members all store nodes, the same list on each, usually 3 in 3 zones
 * @param electionTimeoutMillis silence of the leader after which a member seeks election: shorter
 *     fails over sooner, and mistakes a slow network for a dead leader
 * @param electionJitterMillis most that is added to it at random, so that members don't tie
 * @param snapshotIntervalSeconds time between snapshots: bounds the log and what a restart replays
 * @param applyBatch most entries fsynced at a time: more means more throughput, at more latency
 * @param leaseWaitMillis time without a renewal after which the leader ends a node's lease: a crash
 *     keeps its sections still for as long; see {@link #validate}
 * @param suspectMillis how long a node's connection may be broken before sections of strict
 *     namespaces are taken from it: shorter fails over sooner, and mistakes a reconnect for a crash
 * @param placementSettleMillis how long a register holds back first grants, so that nodes that
 *     start together share evenly from the beginning
 * @param movesPerSecond most sections that nodes are asked to hand over a second
 * @param adminToken what operators' calls must carry; {@link AdminToken#NONE} switches them off
 * @param join whether it joins a cluster that runs: it starts as nobody's member, and waits until
 *     the cluster was told to add it; without effect once it has
 */
public record StoreConfig(
    String cluster,
    String node,
    Path data,
    List<Member> members,
    int electionTimeoutMillis,
    int electionJitterMillis,
    int snapshotIntervalSeconds,
    int applyBatch,
    int leaseWaitMillis,
    int suspectMillis,
    int placementSettleMillis,
    int movesPerSecond,
    AdminToken adminToken,
    boolean join) {

  public static final int DEFAULT_ELECTION_TIMEOUT_MILLIS = 350;
  public static final int DEFAULT_ELECTION_JITTER_MILLIS = 200;
  public static final int DEFAULT_SNAPSHOT_INTERVAL_SECONDS = 300;
  public static final int DEFAULT_APPLY_BATCH = 128;
  public static final int DEFAULT_LEASE_WAIT_MILLIS = 2_000;
  public static final int DEFAULT_SUSPECT_MILLIS = 200;
  public static final int DEFAULT_PLACEMENT_SETTLE_MILLIS = 500;
  public static final int DEFAULT_MOVES_PER_SECOND = 5_000;

  public StoreConfig {
    members = List.copyOf(members);
  }

  /** Of a node that is one of the first members. */
  public StoreConfig(
      String cluster,
      String node,
      Path data,
      List<Member> members,
      int electionTimeoutMillis,
      int electionJitterMillis,
      int snapshotIntervalSeconds,
      int applyBatch,
      int leaseWaitMillis,
      int suspectMillis,
      int placementSettleMillis,
      int movesPerSecond,
      AdminToken adminToken) {
    this(
        cluster,
        node,
        data,
        members,
        electionTimeoutMillis,
        electionJitterMillis,
        snapshotIntervalSeconds,
        applyBatch,
        leaseWaitMillis,
        suspectMillis,
        placementSettleMillis,
        movesPerSecond,
        adminToken,
        false);
  }

  /** With every default. */
  public static StoreConfig of(String cluster, String node, Path data, List<Member> members) {
    return new StoreConfig(
        cluster,
        node,
        data,
        members,
        DEFAULT_ELECTION_TIMEOUT_MILLIS,
        DEFAULT_ELECTION_JITTER_MILLIS,
        DEFAULT_SNAPSHOT_INTERVAL_SECONDS,
        DEFAULT_APPLY_BATCH,
        DEFAULT_LEASE_WAIT_MILLIS,
        DEFAULT_SUSPECT_MILLIS,
        DEFAULT_PLACEMENT_SETTLE_MILLIS,
        DEFAULT_MOVES_PER_SECOND,
        AdminToken.NONE);
  }

  /** The same, with operators' calls on. */
  public StoreConfig withAdminToken(AdminToken token) {
    return new StoreConfig(
        cluster,
        node,
        data,
        members,
        electionTimeoutMillis,
        electionJitterMillis,
        snapshotIntervalSeconds,
        applyBatch,
        leaseWaitMillis,
        suspectMillis,
        placementSettleMillis,
        movesPerSecond,
        token,
        join);
  }

  /** The same, of a node that joins a cluster that runs. */
  public StoreConfig joining() {
    return new StoreConfig(
        cluster,
        node,
        data,
        members,
        electionTimeoutMillis,
        electionJitterMillis,
        snapshotIntervalSeconds,
        applyBatch,
        leaseWaitMillis,
        suspectMillis,
        placementSettleMillis,
        movesPerSecond,
        adminToken,
        true);
  }

  /** Everything that is wrong, each with field and reason; empty when the node may start. */
  public List<String> validate() {
    List<String> wrong = new ArrayList<>();
    new MemberRules(this, wrong).check();
    new TimeRules(this, wrong).check();
    adminToken.problem().ifPresent(problem -> wrong.add("adminToken: " + problem));
    return wrong;
  }

  /**
   * This node among the members.
   *
   * @throws IllegalArgumentException if it isn't there, which {@link #validate} tells
   */
  public Member self() {
    return findSelf()
        .orElseThrow(
            () -> new IllegalArgumentException("node '" + node + "' is not one of the members"));
  }

  Optional<Member> findSelf() {
    return members.stream().filter(member -> member.node().equals(node)).findFirst();
  }
}
