package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
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
   * The lease of a register; the repeat of an earlier one renews it.
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
   * The lease, which is suspect now unless a newer renewal defeated the suspicion.
   *
   * @param lease the living lease
   */
  record Suspected(Lease lease, @Nullable RouteDelta routes) implements Result {}

  /**
   * Outcome of a barrier.
   *
   * @param stale sections that are not the incarnation's under the epoch named
   */
  record Confirmed(List<SectionRef> stale) implements Result {}

  /**
   * Outcome of a witness.
   *
   * @param halted those of its sections that are halted, now or before, and at which epoch
   */
  record Witnessed(List<SectionEpoch> halted, @Nullable RouteDelta routes) implements Result {}

  /**
   * Outcome of a resume.
   *
   * @param resumed sections that were halted and may be served now: by the owner that they had, if
   *     it lives
   * @param exhausted sections that stay halted, since the jump ends past the last number or epoch
   */
  record Resumed(int resumed, int exhausted, @Nullable RouteDelta routes) implements Result {}

  /**
   * Outcome of a grant.
   *
   * @param granted sections given away
   * @param skipped sections that have a living owner or whose receiver has no lease, or that do not
   *     exist
   * @param exhausted sections left without owner, since their numbers or epochs are used up
   * @param stuck those skipped since they are halted, and those exhausted, at their epochs: no
   *     grant will do until the epoch changes
   */
  record Granted(
      int granted,
      int skipped,
      int exhausted,
      List<SectionEpoch> stuck,
      @Nullable RouteDelta routes)
      implements Result {
    public Granted {
      stuck = List.copyOf(stuck);
    }
  }

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
   * The section is wanted at a node from now on.
   *
   * @param pin the pin
   */
  record Pinned(Pin pin) implements Result {}

  /**
   * No section is pinned any more.
   *
   * @param count how many were
   */
  record Unpinned(int count) implements Result {}

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
