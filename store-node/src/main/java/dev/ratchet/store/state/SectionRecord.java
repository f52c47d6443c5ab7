package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.RaiseResult;
import org.jspecify.annotations.Nullable;

/**
 * The persisted state of a section that was granted at least once.
 *
 * <p>Invariants: {@code epoch} and {@code maxSeq} never go down; {@code 0 ≤ base ≤ maxSeq}; {@code
 * handoverEpoch ≤ epoch}. With owner 0 the section was released: the last owner said exactly what
 * it issued.
 *
 * @param owner incarnation it is granted to, whose lease may be over; 0 after a release
 * @param epoch number of grants so far, and what restores added
 * @param base floor: every number at or below may have been issued, unless handed-over positions
 *     say otherwise
 * @param maxSeq ceiling: no number above was issued
 * @param handoverChunks chunks of positions kept
 * @param handoverEpoch epoch of the owner that left those chunks
 * @param changedAt route version of the last change of owner
 * @param halted the store was found behind what a node saw committed, so nobody may serve the
 *     section until an operator resumes it; its owner is kept, since that may live and not know yet
 */
public record SectionRecord(
    int owner,
    long epoch,
    long base,
    long maxSeq,
    int handoverChunks,
    long handoverEpoch,
    long changedAt,
    boolean halted) {

  /** A section before its first grant. It is never stored. */
  static final SectionRecord NEVER_GRANTED = new SectionRecord(0, 0, 0, 0, 0, 0, 0, false);

  /** The grant that the owner holds. */
  public Grant toGrant(int namespaceId, int section) {
    return new Grant(namespaceId, section, epoch, base, maxSeq, handoverChunks);
  }

  /** The outcome of one item of a batch, with the section as it is now. */
  RaiseResult result(@Nullable ErrorCode error) {
    return new RaiseResult(error == null ? 0 : error.number(), epoch, maxSeq);
  }

  public boolean isOwnedBy(int incarnation, long atEpoch) {
    return owner == incarnation && owner != 0 && epoch == atEpoch && !halted;
  }

  /** Whom callers are sent to; 0 for nobody. */
  int routedTo() {
    return halted ? 0 : owner;
  }

  boolean isReleased() {
    return owner == 0 && epoch > 0;
  }

  /** Granted after a release: goes on exactly where the last owner stopped. */
  SectionRecord handedOverTo(int incarnation, long version) {
    return new SectionRecord(
        incarnation, epoch + 1, base, maxSeq, handoverChunks, handoverEpoch, version, false);
  }

  /** Granted for the first time or after a crash: what may have been issued lies below the base. */
  SectionRecord takenOverBy(int incarnation, long step, long version) {
    return new SectionRecord(
        incarnation, epoch + 1, maxSeq, maxSeq + step, 0, epoch, version, false);
  }

  /**
   * Lifted by a restore: all at or below the number may have been issued. One that was halted may
   * be granted again, since it is lifted past what any node saw.
   */
  SectionRecord restored(int nobody, long newEpoch, long number, long version) {
    return new SectionRecord(nobody, newEpoch, number, number, 0, newEpoch, version, false);
  }

  SectionRecord raisedTo(long target) {
    return new SectionRecord(
        owner, epoch, base, target, handoverChunks, handoverEpoch, changedAt, halted);
  }

  /** With this many chunks left by the owner of now. */
  SectionRecord withChunks(int chunks) {
    return new SectionRecord(owner, epoch, base, maxSeq, chunks, epoch, changedAt, halted);
  }

  SectionRecord released(long newBase, long version) {
    return new SectionRecord(0, epoch, newBase, maxSeq, handoverChunks, epoch, version, false);
  }

  /** Whether less is known here than somebody saw committed. */
  boolean isBehind(long seenEpoch, long seenMaxSeq) {
    return epoch < seenEpoch || maxSeq < seenMaxSeq;
  }

  /** Served by nobody: all up to the highest maxSeq may have been issued. */
  SectionRecord haltedAt(long seenEpoch, long seenMaxSeq, long version) {
    long highest = Math.max(maxSeq, seenMaxSeq);
    return new SectionRecord(
        owner, Math.max(epoch, seenEpoch), highest, highest, 0, 0, version, true);
  }

  /**
   * To be served again, above what it was halted at by this much: by its owner, if that lives, or
   * else by whoever is granted it. So nobody serves it beside an owner that has not heard yet.
   */
  SectionRecord resumed(long epochJump, long jump, long version) {
    return new SectionRecord(
        owner, epoch + epochJump, maxSeq + jump, maxSeq + jump, 0, 0, version, false);
  }

  /** Throws unless this may follow a record: the last line of defence of G1. */
  void assertFollows(SectionRecord old) {
    boolean legal =
        epoch >= old.epoch
            && maxSeq >= old.maxSeq
            && base >= old.base
            && base <= maxSeq
            && handoverEpoch <= epoch
            && changedAt >= old.changedAt;
    if (!legal) {
      throw new IllegalStateException("illegal move of a section from " + old + " to " + this);
    }
  }
}
