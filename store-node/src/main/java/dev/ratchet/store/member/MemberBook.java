package dev.ratchet.store.member;

import dev.ratchet.proto.message.StoreAddress;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.state.MemberSet;
import dev.ratchet.store.state.StoreMember;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The store's members as this node knows them: what the cluster has recorded, as far as this node
 * has applied the log; before that, what was kept at this node's first start. Thread-safe.
 */
public final class MemberBook {
  private final Map<HostPort, HostPort> firstAddresses;
  private volatile Map<String, String> firstDisks = Map.of();
  private volatile MemberSet recorded = MemberSet.NONE;
  private volatile List<StoreAddress> addresses = List.of();

  /** An empty one; {@code firstAddresses}: for callers by Raft address, as configured. */
  public MemberBook(Map<HostPort, HostPort> firstAddresses) {
    this.firstAddresses = Map.copyOf(firstAddresses);
  }

  /** Takes in the disk ids of the first start, by node id. */
  public void takeFirst(Map<String, String> disks) {
    firstDisks = Map.copyOf(disks);
  }

  /** Takes in what was applied. */
  public void take(MemberSet members) {
    recorded = members;
    addresses =
        members.members().stream()
            .map(member -> new StoreAddress(member.rpc().toString()))
            .toList();
  }

  /** What the cluster has recorded; {@link MemberSet#NONE} before it has, or has been read. */
  public MemberSet recorded() {
    return recorded;
  }

  /** Where those recorded are called, as callers are told it. */
  public List<StoreAddress> addresses() {
    return addresses;
  }

  /** The disk id of a node, or null when it is none of the members. */
  public @Nullable String diskOf(String node) {
    MemberSet members = recorded;
    if (members.version() == 0) {
      return firstDisks.get(node);
    }
    StoreMember member = members.member(node);
    return member == null ? null : member.disk();
  }

  /** Where the member of a Raft address is called, or null. */
  public @Nullable HostPort rpcOf(HostPort raft) {
    return recorded.members().stream()
        .filter(member -> member.raft().equals(raft))
        .map(StoreMember::rpc)
        .findFirst()
        .orElseGet(() -> firstAddresses.get(raft));
  }
}
