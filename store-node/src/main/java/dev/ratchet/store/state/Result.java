package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.RouteDelta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What applying a command came to: the same on every replica. Immutable. */
public sealed interface Result {

  /**
   * How the route table changed, ready for {@link dev.ratchet.proto.route.RouteTable#apply}; null
   * if it did not.
   */
  default @Nullable RouteDelta routes() {
    return null;
  }

  /**
   * The whole command was refused and changed nothing.
   *
   * @param code why
   * @param message what happened, where, and what to do
   * @param hint machine-readable help; may be empty
   */
  record Refused(ErrorCode code, String message, String hint) implements Result {
    /** The refusal as the error to answer with. */
    public RatchetException toException() {
      return new RatchetException(code, message, hint);
    }
  }

  /**
   * The lease of a register; without routes, it is the repeat of an earlier one, and renewed by it.
   *
   * @param lease the lease
   */
  record Registered(Lease lease, @Nullable RouteDelta routes) implements Result {}

  /**
   * The lease was renewed.
   *
   * @param lease the lease with its new renewal; with routes, it leaves from now on
   */
  record Renewed(Lease lease, @Nullable RouteDelta routes) implements Result {}

  /**
   * Outcome of a grant.
   *
   * @param granted sections given away
   * @param skipped sections that have a living owner or whose receiver has no lease, or that do not
   *     exist
   * @param exhausted sections left without owner, since their numbers or epochs are used up
   */
  record Granted(int granted, int skipped, int exhausted, @Nullable RouteDelta routes)
      implements Result {}

  /**
   * Outcomes of raises.
   *
   * @param results one an item, in order
   */
  record Raised(List<RaiseResult> results) implements Result {}

  /**
   * Outcomes of releases.
   *
   * @param incarnation whose
   * @param results one an item, in order
   * @param left whether the lease was ended by it
   */
  record Released(
      int incarnation, List<RaiseResult> results, boolean left, @Nullable RouteDelta routes)
      implements Result {}

  /**
   * The lease is over.
   *
   * @param incarnation the lease
   */
  record Expired(int incarnation, @Nullable RouteDelta routes) implements Result {}

  /**
   * The expire named an old renewal and changed nothing.
   *
   * @param lease the living lease
   */
  record ExpireDefeated(Lease lease) implements Result {}

  /**
   * The lease takes nothing on any more, or does so again; without routes, nothing changed.
   *
   * @param lease the lease as it is now
   */
  record Drained(Lease lease, @Nullable RouteDelta routes) implements Result {}

  /**
   * The namespace exists now.
   *
   * @param namespace the namespace with its id
   */
  record NamespaceCreated(Namespace namespace, @Nullable RouteDelta routes) implements Result {}

  /**
   * The store nodes that the cluster is to have, recorded.
   *
   * @param members all of them
   */
  record MembersSet(MemberSet members) implements Result {}

  /**
   * A step of a restore took effect, now or when it was first asked for.
   *
   * @param restore how far it is
   */
  record Restored(RestoreRecord restore, @Nullable RouteDelta routes) implements Result {}
}
