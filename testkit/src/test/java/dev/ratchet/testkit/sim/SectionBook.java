package dev.ratchet.testkit.sim;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.store.state.SectionRecord;

/** What the checker knows of a section. */
final class SectionBook {
  private static final SectionRecord NEVER = new SectionRecord(0, 0, 0, 0, 0, 0, 0, false);

  private final Namespace namespace;
  private final int section;
  private final boolean clocksAreLegal;
  private SectionRecord record = NEVER;
  private long servedEpoch;
  private long takenOverIn;
  private long highest;
  private long hidden;

  SectionBook(Namespace namespace, int section, boolean clocksAreLegal) {
    this.namespace = namespace;
    this.section = section;
    this.clocksAreLegal = clocksAreLegal;
  }

  /** Whether only one owner at a time can serve it: strict ones are kept apart by the barrier. */
  boolean hasOneOwner() {
    return clocksAreLegal && !namespace.strict();
  }

  /** Whether what its callers see is ordered in real time. */
  boolean isOrdered() {
    return clocksAreLegal || namespace.strict();
  }

  /** Whether every number skipped can be told why. */
  boolean explainsGaps() {
    return clocksAreLegal;
  }

  boolean isStrict() {
    return namespace.strict();
  }

  int namespaceId() {
    return namespace.id();
  }

  int section() {
    return section;
  }

  /** As the log has it. */
  SectionRecord record() {
    return record;
  }

  /** The last epoch in which it was granted without a release before. */
  long takenOverIn() {
    return takenOverIn;
  }

  /** Takes in the record as an entry left it. */
  void change(SectionRecord now) {
    SectionRecord old = record;
    if (now.epoch() < old.epoch() || now.maxSeq() < old.maxSeq() || now.base() < old.base()) {
      throw new Violation(Violation.Rule.NEVER_DOWN, this + " goes from " + old + " to " + now);
    }
    if (now.epoch() > old.epoch()) {
      boolean releasedBefore = old.epoch() > 0 && old.owner() == 0;
      if (releasedBefore) {
        check(now.base() == old.base() && now.maxSeq() == old.maxSeq(), now);
      } else {
        check(now.base() == old.maxSeq(), now);
        long unused = old.maxSeq() - Math.max(highest, old.base());
        if (old.epoch() > 0 && unused > window() && clocksAreLegal) {
          throw new Violation(
              Violation.Rule.GAPS,
              this + " skips " + unused + " numbers, more than a window, from " + old);
        }
        takenOverIn = now.epoch();
      }
    }
    record = now;
  }

  /** Most numbers that may lie between the highest one issued and the ceiling. */
  private long window() {
    long step = namespace.step();
    return step + (step + 1) / 2 + 2L * Settings.MAX_COUNT + hidden;
  }

  private void check(boolean holds, SectionRecord now) {
    if (!holds) {
      throw new Violation(
          Violation.Rule.CEILING, this + " is granted wrongly: " + record + " became " + now);
    }
  }

  /** Numbers that a call may have taken and nobody was told. */
  void hide(long count) {
    hidden += count;
  }

  /** It was served in an epoch: never in an older one from now on. */
  void serves(long epoch) {
    if (hasOneOwner() && epoch < servedEpoch) {
      throw new Violation(
          Violation.Rule.ONE_OWNER,
          this + " is served in epoch " + epoch + " after epoch " + servedEpoch);
    }
    servedEpoch = Math.max(servedEpoch, epoch);
  }

  /** A number was issued in an epoch. */
  void issues(long last, long epoch) {
    if (last > record.maxSeq()) {
      throw new Violation(
          Violation.Rule.CEILING,
          this + " issues " + last + " in epoch " + epoch + ", above what is committed: " + record);
    }
    highest = Math.max(highest, last);
  }

  @Override
  public String toString() {
    return "section " + section + " of namespace " + namespace.id();
  }
}
