package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import java.util.Comparator;
import java.util.List;

/**
 * Records which store nodes the cluster is to have, by compare-and-set on the version. Invariants:
 * a member that stays is the same in all its fields, its disk too; the version goes up by one.
 */
final class MembershipRule {
  private final StateReader reader;
  private final StateWriter writer;

  MembershipRule(StateReader reader, StateWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  Result apply(Command.SetMembers command) {
    MemberSet old = reader.members();
    if (old.version() != command.expected()) {
      return refused(
          "the members of the store changed meanwhile (version "
              + old.version()
              + ", not "
              + command.expected()
              + "); look at `admin member list` and try again");
    }
    for (StoreMember member : command.members()) {
      StoreMember known = old.member(member.node());
      if (known != null && !known.equals(member)) {
        return refused(
            "store node '"
                + member.node()
                + "' is a member with other addresses or another disk; remove it first");
      }
    }
    List<StoreMember> sorted =
        command.members().stream().sorted(Comparator.comparing(StoreMember::node)).toList();
    MemberSet members = new MemberSet(old.version() + 1, sorted);
    writer.put(members);
    return new Result.MembersSet(members);
  }

  private static Result.Refused refused(String message) {
    return new Result.Refused(ErrorCode.INVALID_ARGUMENT, message, "");
  }
}
