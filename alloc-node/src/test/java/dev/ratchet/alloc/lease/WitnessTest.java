package dev.ratchet.alloc.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.alloc.Asked;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WitnessTest {
  private final Namespace one = Namespace.string("one", 5, 10).withId(1);
  private final Namespace two = Namespace.string("two", 5_000, 10).withId(2);
  private final Witness witness = new Witness();

  @Test
  void marksOnlyGoUpEachByItself() {
    witness.saw(one, 3, 7, 100);
    witness.saw(one, 3, 8, 90);
    witness.saw(one, 3, 6, 95);
    assertEquals(List.of(new WitnessItem(1, 3, 8, 100)), witness.all());
    assertEquals(8, witness.epoch(1, 3));
    assertEquals(100, witness.maxSeq(1, 3));
  }

  @Test
  void ofWhatWasNeverSeenItKnowsNothing() {
    witness.saw(one, 3, 7, 100);
    assertEquals(0, witness.epoch(1, 2));
    assertEquals(0, witness.epoch(1, 99));
    assertEquals(0, witness.maxSeq(9, 0));
    assertEquals(List.of(), new Witness().next(10));
  }

  @Test
  void everySectionHasItsTurn() {
    for (int section = 0; section < 5; section++) {
      witness.saw(one, section, 1, section + 1);
    }
    for (int section = 0; section < 5_000; section += 7) {
      witness.saw(two, section, 1, section + 1);
    }
    List<WitnessItem> all = witness.all();
    Set<WitnessItem> told = new HashSet<>();
    List<WitnessItem> inOrder = new ArrayList<>();
    int rounds = all.size() / 64 + 1;
    for (int round = 0; round < rounds; round++) {
      List<WitnessItem> next = witness.next(64);
      told.addAll(next);
      inOrder.addAll(next);
    }
    assertEquals(all, inOrder);
    assertEquals(all.size(), told.size());
    assertEquals(all.subList(0, 64), witness.next(64));
  }

  @Test
  void allIsToldBeforeALeaseIsAskedForAndSomeWithEachRenewal() {
    for (int section = 0; section < 5_000; section++) {
      witness.saw(two, section, 1, 10);
    }
    Asked<WitnessRequest, WitnessReply> told = new Asked<>();
    Asked<RegisterRequest, RegisterReply> registers = new Asked<>();
    Asked<RenewRequest, RenewReply> renewals = new Asked<>();
    TestifyingStore store =
        new TestifyingStore(
            new LeaseKeeper.Store() {
              @Override
              public CompletableFuture<RegisterReply> register(RegisterRequest request) {
                return registers.ask(request);
              }

              @Override
              public CompletableFuture<RenewReply> renew(RenewRequest request) {
                return renewals.ask(request);
              }
            },
            told::ask,
            witness);
    RegisterRequest registration = new RegisterRequest("a", "z", "h", 1, 1, 1_600);
    CompletableFuture<RegisterReply> first = store.register(registration);
    assertEquals(Limits.MAX_BATCH, told.last(1).items().size());
    told.fail(ErrorCode.TIMEOUT);
    assertEquals(true, first.isCompletedExceptionally());
    assertEquals(0, registers.requests().size());

    CompletableFuture<RegisterReply> second = store.register(registration);
    told.answer(new WitnessReply(List.of()));
    assertEquals(5_000 - Limits.MAX_BATCH, told.last(3).items().size());
    assertEquals(0, registers.requests().size());
    told.answer(new WitnessReply(List.of()));
    registers.answer(new RegisterReply(2));
    assertEquals(new RegisterReply(2), second.join());

    store.renew(new RenewRequest(2));
    assertEquals(witness.all().subList(0, 64), renewals.last(1).witness());
    store.renew(new RenewRequest(2));
    assertEquals(witness.all().subList(64, 128), renewals.last(2).witness());
  }
}
