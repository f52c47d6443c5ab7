package dev.ratchet.alloc.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaitingRoomTest {
  private static final Namespace NAMESPACE = Namespace.string("s", 1, 10).withId(1);

  private final Section section =
      Section.granted(NAMESPACE, 0, 1, 0, 10, new CounterMemory(1 << 20));
  private final WaitingRoom room = new WaitingRoom(3);
  private final Answers answers = new Answers();

  @Test
  void aCallThatCanBeServedNowIs() {
    assertEquals(WaitingRoom.Entry.SERVED, room.enter(section, answers.call("a", 7, 1)));
    assertEquals(List.of("a1"), answers.heard);
    assertEquals(0, room.size());
    assertFalse(room.isWaiting(section));
  }

  @Test
  void laterCallsLineUpBehindOneThatWaits() {
    assertEquals(WaitingRoom.Entry.WAITS, room.enter(section, answers.call("a", 7, 11)));
    assertTrue(room.isWaiting(section));
    assertEquals(WaitingRoom.Entry.WAITS, room.enter(section, answers.call("b", 7, 1)));
    section.raised(20);
    assertNull(room.serve(section));
    assertEquals(List.of("a1", "b12"), answers.heard);
    assertEquals(0, room.size());
  }

  @Test
  void whatIsStillAboveTheCeilingWaitsOn() {
    WaitingCall second = answers.call("b", 7, 15);
    room.enter(section, answers.call("a", 7, 11));
    room.enter(section, second);
    room.enter(section, answers.call("c", 8, 1));
    section.raised(20);
    assertSame(second, room.serve(section));
    assertEquals(List.of("a1"), answers.heard);
    assertEquals(2, room.size());
  }

  @Test
  void aFullRoomTakesNobodyInAndAnswersNobody() {
    for (String name : List.of("a", "b", "c")) {
      assertEquals(WaitingRoom.Entry.WAITS, room.enter(section, answers.call(name, 7, 11)));
    }
    assertEquals(WaitingRoom.Entry.FULL, room.enter(section, answers.call("d", 7, 11)));
    assertEquals(List.of(), answers.heard);
    assertEquals(3, room.size());
  }

  @Test
  void callsPastTheirDeadlineAreRefusedAndTheOthersStay() {
    room.enter(section, answers.call("a", 7, 11, 100));
    room.enter(section, answers.call("b", 7, 11, 50));
    room.expire(49);
    assertEquals(List.of(), answers.heard);
    room.expire(50);
    assertEquals(List.of("bWINDOW_EXHAUSTED"), answers.heard);
    room.expire(100);
    assertEquals(List.of("bWINDOW_EXHAUSTED", "aWINDOW_EXHAUSTED"), answers.heard);
    assertEquals(0, room.size());
    assertFalse(room.isWaiting(section));
  }

  @Test
  void aDeadlineMayLieBeyondTheWrapOfTheClock() {
    room.enter(section, answers.call("a", 7, 11, Long.MIN_VALUE + 5));
    room.expire(Long.MAX_VALUE);
    assertEquals(List.of(), answers.heard);
    room.expire(Long.MIN_VALUE + 5);
    assertEquals(List.of("aWINDOW_EXHAUSTED"), answers.heard);
  }

  @Test
  void aStoppedSectionTakesNobodyIn() {
    room.enter(section, answers.call("a", 7, 11));
    section.stop();
    room.refuse(section, ErrorCode.NOT_OWNER, "moved");
    assertEquals(WaitingRoom.Entry.SERVED, room.enter(section, answers.call("b", 7, 11)));
    assertEquals(List.of("aNOT_OWNER", "bNOT_OWNER"), answers.heard);
    assertEquals(0, room.size());
  }

  @Test
  void atTheLastNumberThoseBelowItAreServedAndTheOthersRefused() {
    room.enter(section, answers.call("a", 7, 11));
    room.enter(section, answers.call("b", 8, 1));
    room.serveOrRefuse(section, ErrorCode.NUMBERS_EXHAUSTED, "over");
    assertEquals(List.of("aNUMBERS_EXHAUSTED", "b1"), answers.heard);
    assertEquals(0, room.size());
  }

  /** Against raises, expiries and each other. */
  @Test
  void eachCallIsAnsweredExactlyOnce() throws Exception {
    int perThread = 20_000;
    WaitingRoom wide = new WaitingRoom(1_000);
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger full = new AtomicInteger();
    WaitingCall.Answer counting =
        new WaitingCall.Answer() {
          @Override
          public void taken(long first) {
            answered.incrementAndGet();
          }

          @Override
          public void refused(ErrorCode code, String message) {
            answered.incrementAndGet();
          }
        };
    List<Thread> callers = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      callers.add(
          new Thread(
              () -> {
                for (int i = 0; i < perThread; i++) {
                  WaitingCall call = new WaitingCall(i % 5, 1, i, counting);
                  if (wide.enter(section, call) == WaitingRoom.Entry.FULL) {
                    full.incrementAndGet();
                  }
                }
              }));
    }
    callers.forEach(Thread::start);
    while (callers.stream().anyMatch(Thread::isAlive)) {
      section.raised(section.maxSeq() + 7);
      wide.serve(section);
      wide.expire(perThread / 2);
    }
    for (Thread caller : callers) {
      caller.join();
    }
    wide.refuse(section, ErrorCode.NOT_OWNER, "over");
    assertEquals(3 * perThread, answered.get() + full.get());
    assertEquals(0, wide.size());
  }
}
