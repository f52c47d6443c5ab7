package dev.ratchet.store.state;

import static dev.ratchet.store.state.Replica.assertError;
import static dev.ratchet.store.state.Replica.assertOk;
import static dev.ratchet.store.state.Replica.chunk;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A store that has gone back in time, as after a restore of old disks, beside nodes that have not.
 */
class RollbackRulesTest {
  private final Replica replica = Replica.withNamespace();
  private final int a = replica.register("a", 1);

  RollbackRulesTest() {
    replica.grant(a, 0, 4);
  }

  private Result.Witnessed witness(long epoch, long maxSeq) {
    return replica.apply(
        Result.Witnessed.class, new Command.Witness(List.of(new WitnessItem(1, 0, epoch, maxSeq))));
  }

  private Result.Resumed resume(long jump) {
    return replica.apply(Result.Resumed.class, new Command.Resume(1, 0, 4, jump));
  }

  @Test
  void whatIsNotBehindIsLeftAlone() {
    byte[] before = replica.table.dump();
    assertEquals(List.of(), witness(1, 100).halted());
    assertEquals(List.of(), witness(1, 50).halted());
    assertArrayEquals(before, replica.table.dump());
  }

  @Test
  void aSectionThatIsBehindIsHaltedAndNobodyMayHaveIt() {
    Result.Witnessed result = witness(1, 101);
    assertEquals(List.of(new SectionEpoch(1, 0, 1)), result.halted());
    SectionRecord record = replica.section(0);
    assertTrue(record.halted());
    assertEquals(a, record.owner(), "it may serve until it hears of it");
    assertEquals(1, record.epoch());
    assertEquals(101, record.maxSeq());
    assertEquals(101, record.base());
    assertNull(Objects.requireNonNull(replica.routes.route(1, 0)).owner());
    Result.Granted refused = replica.grant(a, 0, 1);
    assertEquals(1, refused.skipped());
    assertEquals(List.of(new SectionEpoch(1, 0, 1)), refused.stuck());
    assertError(ErrorCode.STALE_EPOCH, replica.raise(a, 0, 1, 101, 200));
    assertFalse(replica.section(1).halted());
  }

  @Test
  void anEpochThatIsBehindHaltsToo() {
    assertEquals(List.of(new SectionEpoch(1, 0, 7)), witness(7, 40).halted());
    assertEquals(7, replica.section(0).epoch());
    assertEquals(100, replica.section(0).maxSeq());
  }

  @Test
  void aHaltedSectionIsNamedAgainAndItsMarksOnlyGoUp() {
    witness(7, 500);
    long version = replica.version();
    assertEquals(List.of(new SectionEpoch(1, 0, 7)), witness(6, 400).halted());
    assertEquals(version, replica.version());
    assertEquals(List.of(new SectionEpoch(1, 0, 7)), witness(6, 900).halted());
    assertEquals(7, replica.section(0).epoch());
    assertEquals(900, replica.section(0).maxSeq());
  }

  @Test
  void positionsLeftForTheNextOwnerAreDropped() {
    replica.release(a, chunk(0, 1, 100, 0, "p", true));
    witness(3, 300);
    assertEquals("none", replica.kept(0, 0));
    assertEquals(0, replica.section(0).handoverChunks());
  }

  @Test
  void aResumeGoesOnAboveEverythingByTheJump() {
    witness(7, 500);
    Result.Resumed result = resume(1_000);
    assertEquals(1, result.resumed());
    SectionRecord record = replica.section(0);
    assertFalse(record.halted());
    assertEquals(1_500, record.base());
    assertEquals(1_500, record.maxSeq());
    assertEquals(7 + RollbackRules.EPOCH_JUMP, record.epoch());
    replica.expire(a);
    assertEquals(1, replica.grant(replica.register("b", 2), 0, 1).granted());
    assertEquals(1_500, replica.section(0).base(), "nothing at or below was free");
    assertEquals(100, replica.section(1).maxSeq(), "others don't jump");
  }

  /** Its owner may not have heard of the halt yet, and has its lease. */
  @Test
  void aResumedSectionIsNotGrantedBesideItsLivingOwner() {
    int b = replica.register("b", 2);
    witness(9, 500);
    replica.apply(Result.Renewed.class, new Command.Renew(a));
    resume(1_000);
    assertEquals(0, replica.grant(b, 0, 1).granted());
    replica.expire(a);
    assertEquals(1, replica.grant(b, 0, 1).granted());
  }

  @Test
  void aResumedSectionGoesOnAtItsLivingOwner() {
    witness(9, 500);
    assertEquals(
        List.of(new SectionRef(1, 0)),
        replica
            .apply(
                Result.Confirmed.class, new Command.Confirm(a, List.of(new SectionEpoch(1, 0, 9))))
            .stale(),
        "halted");
    resume(1_000);
    Route route = Objects.requireNonNull(replica.routes.route(1, 0));
    assertEquals(a, Objects.requireNonNull(route.owner()).incarnation());
    assertError(ErrorCode.STALE_EPOCH, replica.raise(a, 0, 1, 1_500, 1_600));
    assertOk(replica.raise(a, 0, route.epoch(), 1_500, 1_600));
  }

  @Test
  void aResumePastTheLastNumberIsNotDone() {
    witness(7, 500);
    Result.Resumed result = resume(Limits.MAX_NUMBER - 499);
    assertEquals(0, result.resumed());
    assertEquals(1, result.exhausted());
    assertTrue(replica.section(0).halted());
  }

  @Test
  void aResumeOfWhatIsNotHaltedDoesNothing() {
    byte[] before = replica.table.dump();
    assertEquals(new Result.Resumed(0, 0, null), resume(1_000));
    assertArrayEquals(before, replica.table.dump());
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(new Command.Resume(1, 3, 2, 1_000)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(new Command.Resume(2, 0, 1, 1_000)));
  }

  /** Else tables that outlived the store would keep the owners of the life that was lost. */
  @Test
  void routesReachThoseWhoSawMore() {
    RouteTable client = new RouteTable();
    Replica lost = Replica.withNamespace();
    lost.register("a", 1);
    lost.grant(a, 0, 4);
    for (int epoch = 1; epoch <= 3; epoch++) {
      lost.release(a, Replica.whole(0, epoch, 100, 0));
      lost.grant(a, 0, 1);
    }
    client.apply(lost.state.reader().routesSince(0));

    replica.apply(
        new Command.Witness(
            List.of(
                new WitnessItem(1, 0, 4, 100),
                new WitnessItem(1, 1, 2, 100),
                new WitnessItem(1, 2, 2, 100),
                new WitnessItem(1, 3, 2, 100))));
    assertTrue(client.apply(replica.routes.since(client.version())));
    assertNull(Objects.requireNonNull(client.route(1, 0)).owner());

    resume(1_000);
    replica.expire(a);
    replica.grant(replica.register("b", 2), 0, 4);
    assertTrue(client.apply(replica.routes.since(client.version())));
    assertEquals(replica.version(), client.version());
    for (int section = 0; section < 4; section++) {
      assertEquals(replica.routes.route(1, section), client.route(1, section));
    }
  }

  @Test
  void theIdOfALostNamespaceIsNotGivenOutAgain() {
    replica.apply(new Command.Witness(List.of(new WitnessItem(5, 0, 1, 1))));
    Result.NamespaceCreated created =
        replica.apply(
            Result.NamespaceCreated.class,
            new Command.CreateNamespace(Namespace.string("later", 1, 1)));
    assertEquals(6, created.namespace().id());
  }

  /** Else a holder of the lost life would keep the lease of another alive, and take its grants. */
  @Test
  void anIncarnationOfTheLostLifeIsNotGivenOutAgain() {
    Replica lost = Replica.withNamespace();
    lost.register("a", 1);
    int cutOff = lost.register("c", 3);
    witness(9, 500);
    int next = replica.register("d", 4);
    assertTrue(next > cutOff + Meta.INCARNATION_JUMP, "it is " + next);
  }

  @Test
  void incarnationsAreSkippedOnceHoweverMuchIsBehind() {
    witness(9, 500);
    witness(9, 600);
    int next = replica.register("d", 4);
    assertEquals(2 * Meta.INCARNATION_JUMP + 1, next);
    witness(9, 700);
    assertEquals(4 * Meta.INCARNATION_JUMP + 1, replica.register("e", 5));
  }

  @Test
  void incarnationsAreNotSkippedPastTheLast() {
    Meta meta = new Meta("test", 1, RouteTable.MAX_INCARNATION - Meta.INCARNATION_JUMP, 1, 4);
    assertEquals(meta, meta.pastLostIncarnations());
  }

  @Test
  void aSectionThatItsNamespaceDoesNotHaveIsIgnored() {
    byte[] before = replica.table.dump();
    assertEquals(
        List.of(),
        replica
            .apply(
                Result.Witnessed.class, new Command.Witness(List.of(new WitnessItem(1, 4, 9, 900))))
            .halted());
    assertArrayEquals(before, replica.table.dump());
  }
}
