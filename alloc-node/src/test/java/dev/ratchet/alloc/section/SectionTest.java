package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ratchet.proto.key.Namespace;
import org.junit.jupiter.api.Test;

class SectionTest {
  private final CounterMemory memory = new CounterMemory(1 << 20);
  private final Namespace uid = Namespace.uid("u", 249, 100, 20).withId(1);
  private final Namespace string = Namespace.string("s", 4, 20).withId(2);

  private Section granted(Namespace namespace, int index, long base, long maxSeq) {
    return Section.granted(namespace, index, 3, base, maxSeq, memory);
  }

  @Test
  void numbersAreAboveTheBaseAndAtOrBelowTheCommittedCeiling() {
    Section section = granted(uid, 0, 100, 103);
    assertEquals(101, section.take(5, 1));
    assertEquals(102, section.take(5, 2));
    assertEquals(Section.ABOVE_CEILING, section.take(5, 1));
    section.raised(120);
    assertEquals(104, section.take(5, 1));
  }

  @Test
  void theCeilingNeverGoesDown() {
    Section section = granted(uid, 0, 100, 120);
    assertThrows(IllegalStateException.class, () -> section.raised(119));
    assertEquals(120, section.maxSeq());
  }

  @Test
  void onceStoppedNothingIsIssuedAndARaiseDoesNotReopenIt() {
    Section section = granted(uid, 0, 0, 20);
    section.stop();
    assertEquals(Section.STOPPED, section.take(5, 1));
    section.raised(40);
    assertFalse(section.isOpen());
    assertEquals(Section.STOPPED, section.take(5, 1));
    assertEquals(40, section.maxSeq());
  }

  @Test
  void aNextGrantSharesNoMemoryWithTheOneBefore() {
    Section first = granted(uid, 0, 0, 20);
    first.take(5, 7);
    Section second = Section.granted(uid, 0, 4, 20, 40, memory);
    assertEquals(21, second.take(5, 1));
    assertEquals(7, first.last(5));
  }

  @Test
  void aSectionIsUsedOnceANumberWasTakenOrHandedOver() {
    for (Namespace namespace : new Namespace[] {uid, string}) {
      Section taken = granted(namespace, 0, 0, 20);
      assertFalse(taken.isUsed());
      assertEquals(0, taken.last(0));
      assertFalse(taken.isUsed(), "a look is no use");
      taken.take(0, 1);
      assertTrue(taken.isUsed());
      Section loaded = granted(namespace, 0, 0, 20);
      loaded.load(5, 3);
      assertTrue(loaded.isUsed());
    }
  }

  @Test
  void theLastSectionOfANamespaceIsShorter() {
    Section last = granted(uid, 2, 0, 20);
    assertEquals(1, last.take(200, 1));
    assertEquals(1, last.take(249, 1));
  }

  @Test
  void aSectionLargerThanAnArrayIsServed() {
    Namespace huge = Namespace.uid("huge", Long.MAX_VALUE, 1L << 60, 20).withId(9);
    huge.validate();
    Section section = granted(huge, 7, 0, 20);
    assertEquals(1, section.take(Long.MAX_VALUE, 1));
    assertEquals(1, section.take(7L << 60, 1));
    assertEquals(2, section.take(Long.MAX_VALUE, 1));
  }

  @Test
  void theLowerHalfOfAStepIsNotLow() {
    Section section = granted(uid, 0, 0, 20);
    assertFalse(section.isLow(10));
    assertTrue(section.isLow(11));
    section.raised(40);
    assertFalse(section.isLow(30));
  }

  @Test
  void oneRaiseIsClaimedAtATime() {
    Section section = granted(uid, 0, 0, 20);
    assertTrue(section.beginRaise());
    assertFalse(section.beginRaise());
    assertTrue(section.isRaising());
    section.endRaise();
    assertTrue(section.beginRaise());
  }

  @Test
  void currentIsExactForAKeyWithACounterOrWhenNothingWasEverIssued() {
    assertEquals(new Section.Current(0, true), granted(uid, 0, 0, 20).current(5));
    Section section = granted(string, 0, 100, 120);
    assertEquals(new Section.Current(100, false), section.current(5));
    section.take(5, 3);
    assertEquals(new Section.Current(103, true), section.current(5));
  }

  @Test
  void memoryIsGivenBackOnce() {
    Section kept = granted(string, 1, 0, 20);
    kept.take(1, 1);
    long before = memory.usedBytes();
    Section section = granted(string, 0, 0, 20);
    section.take(0, 1);
    section.discard();
    section.discard();
    assertEquals(before, memory.usedBytes());
    assertEquals(1, kept.index());
  }

  @Test
  void aSectionThatNobodyUsedTakesNoCounterMemory() {
    for (Namespace namespace : new Namespace[] {uid, string}) {
      Section idle = granted(namespace, 0, 100, 120);
      assertEquals(100, idle.last(0));
      assertEquals(0, idle.takeCalls());
      idle.positions((key, last) -> fail("nobody has a position"));
      idle.stop();
      idle.discard();
      assertEquals(0, memory.usedBytes());
    }
  }

  @Test
  void strictAnswersUnderWayAreCountedBesideTheOneRaise() {
    Section section = granted(uid, 0, 0, 20);
    section.beginConfirm();
    assertTrue(section.beginRaise());
    section.beginConfirm();
    assertTrue(section.beginExhausted());
    assertFalse(section.beginExhausted());
    section.endConfirm();
    assertTrue(section.isConfirming());
    section.endConfirm();
    assertFalse(section.isConfirming());
    assertTrue(section.isRaising());
    section.endRaise();
    assertFalse(section.isRaising());
    assertFalse(section.beginExhausted());
  }
}
