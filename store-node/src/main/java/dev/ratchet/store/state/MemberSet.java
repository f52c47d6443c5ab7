package dev.ratchet.store.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store nodes that the cluster is to have. Raft's own configuration follows it, one change at a
 * time. Immutable.
 *
 * @param version goes up by one with each change; 0 before the first members were recorded
 * @param members in order of their node ids
 */
public record MemberSet(long version, List<StoreMember> members) {
  /** Before any were recorded. */
  public static final MemberSet NONE = new MemberSet(0, List.of());

  public MemberSet {
    members = List.copyOf(members);
  }

  /** The member of a node id, or null. */
  public @Nullable StoreMember member(String node) {
    return members.stream().filter(member -> member.node().equals(node)).findFirst().orElse(null);
  }
}
