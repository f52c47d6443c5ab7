package dev.ratchet.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class InFlightTest {
  private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(InFlight.MAX_WAIT_MILLIS);
  private final InFlight inFlight = new InFlight();

  @Test
  void takesAsManyAsItsLimitAndMoreWhenSomeAreDone() {
    List<Proposal> proposals = new ArrayList<>();
    for (int i = 0; i < InFlight.MAX_NORMAL_ENTRIES; i++) {
      proposals.add(added(1, 0));
    }
    RatchetException full = assertThrows(RatchetException.class, () -> added(1, 0));
    assertEquals(ErrorCode.OVERLOADED, full.code());
    assertEquals(InFlight.MAX_NORMAL_ENTRIES, inFlight.entries());
    proposals.get(500).applied("done");
    added(1, 0);
    assertThrows(RatchetException.class, () -> added(1, 0));
  }

  @Test
  void keepsRoomForTheUrgent() {
    for (int i = 0; i < InFlight.MAX_NORMAL_ENTRIES; i++) {
      added(1, 0);
    }
    for (int i = InFlight.MAX_NORMAL_ENTRIES; i < InFlight.MAX_ENTRIES; i++) {
      inFlight.add(new Proposal(1, Urgency.URGENT, 0));
    }
    Proposal tooMany = new Proposal(1, Urgency.URGENT, 0);
    assertThrows(RatchetException.class, () -> inFlight.add(tooMany));
  }

  @Test
  void takesSoManyBytesAndNoMore() {
    int half = (int) (InFlight.MAX_BYTES / 2);
    Proposal first = added(half, 0);
    added(half, 0);
    assertThrows(RatchetException.class, () -> added(1, 0));
    first.applied("done");
    added(half, 0);
  }

  @Test
  void givesUpOnTheLateOnesAlone() {
    Proposal late = added(1, 0);
    Proposal done = added(1, 1);
    done.applied("done");
    Proposal fresh = added(1, 2);
    inFlight.giveUp(WAIT - 1);
    assertFalse(late.isDone());
    inFlight.giveUp(WAIT + 1);
    assertEquals(ErrorCode.UNKNOWN_OUTCOME, RaftGroupTest.errorOf(late.outcome()).code());
    assertEquals("done", done.outcome().join());
    assertFalse(fresh.isDone());
    assertEquals(1, inFlight.entries());
  }

  @Test
  void givesUpOnAllAtTheEnd() {
    Proposal waiting = added(1, 0);
    inFlight.giveUpAll();
    assertTrue(waiting.isDone());
    assertEquals(0, inFlight.entries());
  }

  private Proposal added(int bytes, long startedNanos) {
    Proposal proposal = new Proposal(bytes, Urgency.NORMAL, startedNanos);
    inFlight.add(proposal);
    return proposal;
  }
}
