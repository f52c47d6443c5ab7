package dev.ratchet.store.member;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.state.MemberSet;
import dev.ratchet.store.state.StoreMember;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The next change of Raft's voters towards the members that are recorded: one at a time, and
 * additions first. Pure, so that every leader goes on with what another began.
 *
 * @param kind what to do
 * @param member who is to become a voter, for {@link Kind#ADD}
 * @param voter who is to be one no more, for {@link Kind#REMOVE}
 */
public record MembershipPlan(Kind kind, @Nullable StoreMember member, @Nullable HostPort voter) {
  /** What to do. */
  public enum Kind {
    /** Voters are those recorded. */
    NOTHING,
    ADD,
    REMOVE,
    /** The leader itself is to go: let another lead first. */
    HAND_OVER
  }

  private static final MembershipPlan NOTHING = new MembershipPlan(Kind.NOTHING, null, null);

  /** The next step of a leader at a Raft address. */
  public static MembershipPlan next(MemberSet recorded, Set<HostPort> voters, HostPort self) {
    if (recorded.version() == 0 || voters.isEmpty()) {
      return NOTHING;
    }
    for (StoreMember member : recorded.members()) {
      if (!voters.contains(member.raft())) {
        return new MembershipPlan(Kind.ADD, member, null);
      }
    }
    Set<HostPort> wanted =
        recorded.members().stream().map(StoreMember::raft).collect(Collectors.toSet());
    Set<String> order = new TreeSet<>();
    voters.stream().filter(voter -> !wanted.contains(voter)).forEach(v -> order.add(v.toString()));
    order.remove(self.toString());
    if (!order.isEmpty()) {
      HostPort first = HostPort.parse(order.iterator().next());
      return new MembershipPlan(Kind.REMOVE, null, first);
    }
    return wanted.contains(self) ? NOTHING : new MembershipPlan(Kind.HAND_OVER, null, null);
  }

  /** The step in words. */
  public String describe() {
    StoreMember joining = member;
    return switch (kind) {
      case NOTHING -> "nothing is under way";
      case ADD ->
          "'" + (joining == null ? "" : joining.node()) + "' is being added, and has to catch up";
      case REMOVE -> "the voter at " + voter + " is being removed";
      case HAND_OVER -> "the leader is being removed, and hands over first";
    };
  }
}
