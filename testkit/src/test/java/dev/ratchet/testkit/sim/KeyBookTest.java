package dev.ratchet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.store.state.SectionRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The checker finds what it is for, and nothing else. */
class KeyBookTest {
  private final SectionBook section =
      new SectionBook(Namespace.string("orders", 4, 10).withId(1), 0, true);
  private final KeyBook key = new KeyBook(section, 7);

  KeyBookTest() {
    section.change(record(1, 1, 0, 1_000));
  }

  private static SectionRecord record(int owner, long epoch, long base, long maxSeq) {
    return new SectionRecord(owner, epoch, base, maxSeq, 0, 0, 1, false);
  }

  private static void assertBreaks(Violation.Rule rule, Executable step) {
    assertEquals(rule, assertThrows(Violation.class, step).rule());
  }

  private void crashOver(long base) {
    section.change(record(1, 1, 0, base));
    section.change(record(2, 2, base, base + 10));
  }

  @Test
  void aNumberGivenTwiceIsFound() {
    key.took(1, 5, 1);
    assertBreaks(Violation.Rule.UNIQUE, () -> key.took(5, 1, 1));
  }

  @Test
  void aNumberGivenTwiceIsFoundFarBack() {
    key.took(1, 5, 1);
    key.mayTake(100);
    key.took(50, 5, 1);
    key.took(20, 5, 1);
    assertBreaks(Violation.Rule.UNIQUE, () -> key.took(18, 3, 1));
    key.took(6, 14, 1);
  }

  @Test
  void aGapWithoutACrashIsFound() {
    key.took(1, 1, 1);
    assertBreaks(Violation.Rule.GAPS, () -> key.took(3, 1, 1));
  }

  @Test
  void whatAnUnansweredCallTookMayBeSkipped() {
    key.took(1, 1, 1);
    key.mayTake(1);
    key.took(3, 1, 1);
    assertEquals(1, key.skipped());
  }

  @Test
  void afterACrashTheFirstLiesRightAboveTheBase() {
    key.took(1, 990, 1);
    crashOver(1_000);
    key.mayTake(0);
    assertBreaks(Violation.Rule.GAPS, () -> key.took(1_002, 1, 2));
  }

  @Test
  void moreThanAWindowIsFound() {
    key.took(1, 1, 1);
    assertBreaks(Violation.Rule.GAPS, () -> crashOver(1_000));
  }

  @Test
  void aNumberAboveTheCeilingIsFound() {
    key.mayTake(2_000);
    assertBreaks(Violation.Rule.CEILING, () -> key.took(1_000, 2, 1));
  }

  @Test
  void anEpochThatIsOverIsFound() {
    key.took(1, 990, 1);
    crashOver(1_000);
    key.mayTake(0);
    key.took(1_001, 1, 2);
    key.serves(2);
    assertBreaks(Violation.Rule.ONE_OWNER, () -> key.serves(1));
  }

  @Test
  void aCeilingThatGoesDownIsFound() {
    assertBreaks(Violation.Rule.NEVER_DOWN, () -> section.change(record(1, 1, 0, 999)));
  }

  @Test
  void aCallThatBeganAfterAHigherNumberWasGivenIsFound() {
    key.seen(10, 12, 0, 100);
    key.seen(8, 8, 99, 110); // both were under way
    assertBreaks(Violation.Rule.REAL_TIME_ORDER, () -> key.seen(9, 9, 101, 120));
    key.seen(13, 13, 101, 120);
  }

  @Test
  void aSessionThatGoesBackIsFound() {
    key.seenBy(1, 10, 12, 3, 0, 100);
    key.seenBy(2, 8, 8, 2, 0, 100);
    assertBreaks(Violation.Rule.SESSION_ORDER, () -> key.seenBy(1, 9, 9, 2, 50, 110));
    key.seenBy(1, 9, 9, 3, 50, 110);
    assertBreaks(Violation.Rule.SESSION_ORDER, () -> key.seenBy(1, 11, 11, 3, 101, 120));
    assertBreaks(Violation.Rule.SESSION_ORDER, () -> key.currentSeenBy(1, 11, 3, 101, 120));
  }

  @Test
  void aCurrentThatIsTooLowOrNotExactIsFound() {
    key.took(1, 5, 1);
    assertBreaks(Violation.Rule.CURRENT, () -> key.told(current(4, true), 5));
    assertBreaks(Violation.Rule.CURRENT, () -> key.told(current(6, false), 5));
    key.told(current(6, true), 5);
    key.told(current(5, false), 5);
    key.seen(5, 5, 0, 100);
    assertBreaks(Violation.Rule.CURRENT, () -> key.seenCurrent(4, 101, 110));
  }

  private static IssueResult current(long value, boolean upperBound) {
    return new IssueResult(0, value, 1, upperBound, "");
  }
}
