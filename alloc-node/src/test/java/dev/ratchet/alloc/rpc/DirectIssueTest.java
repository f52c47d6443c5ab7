package dev.ratchet.alloc.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.Asked;
import dev.ratchet.alloc.HeldSections;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.Raiser;
import dev.ratchet.alloc.window.WaitingCall;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.rpc.DirectOwner;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectIssueTest {
  private static final int LEASE = 7;

  private final HeldSections held = new HeldSections();
  private final Asked<RaiseRequest, RaiseReply> store = new Asked<>();
  private final Raiser raiser =
      new Raiser(store::ask, held.witness, held.control, held.room, held.exit, held::lose);
  private final AtomicLong issued = new AtomicLong();
  private @Nullable Tenure current = held.tenure;
  private final DirectIssue direct =
      new DirectIssue(() -> current, raiser, held.room, held.control.clock(), issued::addAndGet);

  private long take(long key, int count) {
    return direct.take(LEASE, held.namespace.id(), 3, 5, key, count);
  }

  @Test
  void takesNumbersThatFollowEachOther() {
    held.hold(3, 5, 0, 100);
    assertEquals(1, take(53, 1));
    assertEquals(2, take(53, 4));
    assertEquals(6, take(53, 1));
    assertEquals(LEASE, direct.incarnation());
    assertTrue(direct.confirm(LEASE, 6));
    assertEquals(6, issued.get());
  }

  @Test
  void asksForARaiseWhenTheWindowRunsLow() {
    held.hold(3, 5, 0, 20);
    assertEquals(1, take(53, 17));
    held.control.run();
    assertEquals(1, store.last(1).items().size());
  }

  @Test
  void aboveTheCeilingNothingIsTaken() {
    Section section = held.hold(3, 5, 0, 20);
    assertEquals(DirectOwner.NOT_NOW, take(53, 21));
    assertEquals(0, section.last(53));
  }

  @Test
  void anotherEpochLeaseOrSectionIsNotServed() {
    held.hold(3, 5, 0, 20);
    int id = held.namespace.id();
    assertEquals(DirectOwner.NOT_NOW, direct.take(LEASE, id, 3, 4, 53, 1));
    assertEquals(DirectOwner.NOT_NOW, direct.take(LEASE, id, 3, 6, 53, 1));
    assertEquals(DirectOwner.NOT_NOW, direct.take(LEASE + 1, id, 3, 5, 53, 1));
    assertEquals(DirectOwner.NOT_NOW, direct.take(LEASE, id, 4, 5, 54, 1));
    assertEquals(DirectOwner.NOT_NOW, direct.take(LEASE, id + 1, 3, 5, 53, 1));
    assertEquals(1, take(53, 1));
  }

  @Test
  void aStrictNamespaceIsLeftToTheBarrier() {
    Namespace ledger = Namespace.string("ledger", 50, 10).asStrict().withId(2);
    held.hold(ledger, 3, 5, 0, 20);
    assertEquals(DirectOwner.NOT_NOW, direct.take(LEASE, 2, 3, 5, 53, 1));
  }

  @Test
  void callsThatWaitForARaiseComeFirst() {
    Section section = held.hold(3, 5, 0, 20);
    WaitingCall.Answer ignored =
        new WaitingCall.Answer() {
          @Override
          public void taken(long first) {}

          @Override
          public void refused(ErrorCode code, String message) {}
        };
    assertEquals(
        WaitingRoom.Entry.WAITS,
        held.room.enter(section, new WaitingCall(53, 21, Long.MAX_VALUE, ignored)));
    assertEquals(DirectOwner.NOT_NOW, take(53, 1));
  }

  @Test
  void aSectionThatIsGivenBackIsNotServed() {
    held.hold(3, 5, 0, 20).stop();
    assertEquals(DirectOwner.NOT_NOW, take(53, 1));
  }

  @Test
  void onceTheLeaseIsOverNothingIsConfirmed() {
    held.hold(3, 5, 0, 20);
    assertEquals(1, take(53, 1));
    held.tenure.lease().end(held.control.nanos());
    assertFalse(direct.confirm(LEASE, 1));
  }

  @Test
  void numbersOfAnEarlierLeaseAreNotConfirmedByALaterOne() {
    held.hold(3, 5, 0, 20);
    assertEquals(1, take(53, 1));
    current = held.newTenure(LEASE + 1);
    assertFalse(direct.confirm(LEASE, 1));
    current = null;
    assertFalse(direct.confirm(LEASE, 1));
    assertEquals(0, direct.incarnation());
    assertEquals(DirectOwner.NOT_NOW, take(53, 1));
  }
}
