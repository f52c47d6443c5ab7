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
 */
public record SectionRecord(
    int owner,
    long epoch,
    long base,
    long maxSeq,
    int handoverChunks,
    long handoverEpoch,
    long changedAt) {

  /** A section before its first grant. It is never stored. */
  static final SectionRecord NEVER_GRANTED = new SectionRecord(0, 0, 0, 0, 0, 0, 0);

  /** The grant that the owner holds. */
  public Grant toGrant(int namespaceId, int section) {
    return new Grant(namespaceId, section, epoch, base, maxSeq, handoverChunks);
  }

  /** The outcome of one item of a batch, with the section as it is now. */
  RaiseResult result(@Nullable ErrorCode error) {
    return new RaiseResult(error == null ? 0 : error.number(), epoch, maxSeq);
  }

  boolean isOwnedBy(int incarnation, long atEpoch) {
    return owner == incarnation && owner != 0 && epoch == atEpoch;
  }

  boolean isReleased() {
    return owner == 0 && epoch > 0;
  }

  /** Granted after a release: goes on exactly where the last owner stopped. */
  SectionRecord handedOverTo(int incarnation, long version) {
    return new SectionRecord(
        incarnation, epoch + 1, base, maxSeq, handoverChunks, handoverEpoch, version);
  }

  /** Granted for the first time or after a crash: what may have been issued lies below the base. */
  SectionRecord takenOverBy(int incarnation, long step, long version) {
    return new SectionRecord(incarnation, epoch + 1, maxSeq, maxSeq + step, 0, epoch, version);
  }

  /** Lifted by a restore: all at or below the number may have been issued. */
  SectionRecord restored(int nobody, long newEpoch, long number, long version) {
    return new SectionRecord(nobody, newEpoch, number, number, 0, newEpoch, version);
  }

  SectionRecord raisedTo(long target) {
    return new SectionRecord(owner, epoch, base, target, handoverChunks, handoverEpoch, changedAt);
  }

  /** With this many chunks left by the owner of now. */
  SectionRecord withChunks(int chunks) {
    return new SectionRecord(owner, epoch, base, maxSeq, chunks, epoch, changedAt);
  }

  SectionRecord released(long newBase, long version) {
    return new SectionRecord(0, epoch, newBase, maxSeq, handoverChunks, epoch, version);
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
