package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.state.RestoreStep.SavedSection;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestoreRuleTest {
  private static final long JUMP = 1_000_000;
  private static final Namespace ORDERS = Namespace.string("orders", 4, 100).withId(1);
  private static final SavedSection NEVER = new SavedSection(0, 0);

  private final Replica replica = new Replica();

  private static RestoreStep.Begin begin(long id, Namespace... namespaces) {
    return new RestoreStep.Begin(id, JUMP, 900, 70, 5, 0, 0, List.of(namespaces));
  }

  private RestoreRecord restored(Command command) {
    return replica.apply(Result.Restored.class, command).restore();
  }

  private static RestoreStep.Sections sections(long id, int first, SavedSection... saved) {
    return new RestoreStep.Sections(id, 1, first, Arrays.asList(saved));
  }

  private void restoreAll(long id) {
    restored(begin(id, ORDERS));
    restored(sections(id, 0, new SavedSection(7, 5_000), new SavedSection(1, 100), NEVER, NEVER));
    restored(new RestoreStep.End(id));
  }

  @Test
  void liftsWhatTheBackupHasAndWhatItCouldNotHaveSeen() {
    restoreAll(3);
    SectionRecord first = replica.section(0);
    assertEquals(7 + RestoreRule.EPOCH_JUMP, first.epoch());
    assertEquals(5_000 + JUMP, first.base());
    assertEquals(5_000 + JUMP, first.maxSeq());
    assertNull(replica.state.reader().section(1, 2), "never granted, and so it stays");

    int incarnation = replica.register("n", 1);
    assertEquals(71 + Meta.INCARNATION_JUMP, incarnation);
    assertEquals(4, replica.grant(incarnation, 0, 4).granted());
    assertEquals(5_000 + JUMP, replica.section(0).base());
    assertEquals(5_000 + JUMP + 100, replica.section(0).maxSeq());
    SectionRecord unseen = replica.section(3);
    assertEquals(JUMP, unseen.base(), "it may have been granted first after the backup");
    assertTrue(unseen.epoch() > RestoreRule.EPOCH_JUMP);
    assertTrue(replica.version() > 900 + Meta.ROUTE_VERSION_JUMP);

    Namespace later =
        replica
            .apply(
                Result.NamespaceCreated.class,
                new Command.CreateNamespace(Namespace.string("later", 1, 100)))
            .namespace();
    assertTrue(later.id() > 5 + RestoreRule.NAMESPACE_JUMP - 1, "no id of the lost life");
    Command grant = new Command.Grant(List.of(new Command.Run(later.id(), 0, 1, incarnation)));
    replica.apply(Result.Granted.class, grant);
    SectionRecord again = replica.state.reader().section(later.id(), 0);
    assertNotNull(again);
    assertEquals(JUMP, again.base(), "a namespace made again after the restore repeats nothing");
  }

  /** It saw a section granted first after the backup; who had it later may have gone further. */
  @Test
  void aWitnessOfTheLostLifeDoesNotTakeTheFloorAway() {
    restored(begin(3, ORDERS));
    restored(sections(3, 0, NEVER, NEVER, NEVER, NEVER));
    restored(new RestoreStep.End(3));
    byte[] before = replica.table.dump();
    Result.Witnessed fine =
        replica.apply(
            Result.Witnessed.class, new Command.Witness(List.of(new WitnessItem(1, 0, 1, 50_000))));
    assertEquals(List.of(), fine.halted());
    assertArrayEquals(before, replica.table.dump());

    replica.apply(new Command.Witness(List.of(new WitnessItem(1, 0, 1, JUMP + 50_000))));
    SectionRecord behind = replica.section(0);
    assertTrue(behind.halted() && behind.epoch() >= RestoreRule.EPOCH_JUMP, behind.toString());
    replica.apply(new Command.Resume(1, 0, 4, 1_000));
    assertEquals(1, replica.grant(replica.register("n", 1), 0, 1).granted());
    assertEquals(JUMP + 51_000, replica.section(0).base());
  }

  /** What the jump is for: without it, numbers issued after the backup come again. */
  @Test
  void aJumpTooSmallRepeatsNumbers() {
    Replica old = Replica.withNamespace();
    int owner = old.register("n", 1);
    old.grant(owner, 0, 1);
    SectionRecord backup = old.section(0);
    old.raise(owner, 0, 1, 100, 900);
    long issuedLast = old.section(0).maxSeq();
    restored(new RestoreStep.Begin(3, 1, 2, 1, 1, 0, 0, List.of(ORDERS)));
    restored(
        sections(3, 0, new SavedSection(backup.epoch(), backup.maxSeq()), NEVER, NEVER, NEVER));
    restored(new RestoreStep.End(3));
    int heir = replica.register("n", 2);
    replica.grant(heir, 0, 1);
    assertTrue(replica.section(0).base() < issuedLast, "numbers up to it are issued again");
  }

  @Test
  void callersOfTheOldClusterTakeTheNewRoutes() {
    RouteTable outlived = new RouteTable();
    Replica old = Replica.withNamespace();
    int owner = old.register("n", 1);
    old.grant(owner, 0, 4);
    outlived.apply(old.state.reader().routesSince(0));
    restored(new RestoreStep.Begin(3, JUMP, old.version(), owner, 1, 0, 0, List.of(ORDERS)));
    SavedSection saved = new SavedSection(1, 100);
    restored(sections(3, 0, saved, saved, saved, saved));
    restored(new RestoreStep.End(3));
    assertTrue(outlived.apply(replica.routes.since(outlived.version())));
    Route gone = outlived.route(1, 2);
    assertNotNull(gone);
    assertNull(gone.owner());
    int heir = replica.register("n", 2);
    replica.grant(heir, 0, 4);
    assertTrue(outlived.apply(replica.routes.since(outlived.version())));
    for (int section = 0; section < 4; section++) {
      Route route = outlived.route(1, section);
      assertNotNull(route);
      OwnerInfo now = route.owner();
      assertNotNull(now);
      assertEquals(heir, now.incarnation());
    }
  }

  @Test
  void refusesWhileAnybodyHoldsALease() {
    int incarnation = replica.register("busy", 1);
    Result.Refused refused = replica.apply(Result.Refused.class, begin(3, ORDERS));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.message().contains("busy"), refused.message());
    replica.expire(incarnation);
    assertTrue(restored(begin(3, ORDERS)).active());
  }

  @Test
  void nobodyGetsALeaseOrANamespaceUntilItEnds() {
    restored(begin(3, ORDERS));
    assertEquals(ErrorCode.UNAVAILABLE, replica.refusal(Replica.registration("n", 1)));
    assertEquals(
        ErrorCode.UNAVAILABLE,
        replica.refusal(new Command.CreateNamespace(Namespace.string("x", 1, 1))));
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(new RestoreStep.End(3)));
    restored(sections(3, 0, NEVER, NEVER, NEVER, NEVER));
    restored(new RestoreStep.End(3));
    replica.register("n", 1);
  }

  @Test
  void aNamespaceThatTheBackupDoesNotHaveIsAConflictAndChangesNothing() {
    replica.apply(new Command.CreateNamespace(Namespace.string("orders", 4, 100)));
    byte[] before = replica.table.dump();
    for (RestoreStep.Begin conflict :
        List.of(
            begin(3),
            begin(3, Namespace.string("orders", 4, 200).withId(1)),
            begin(3, Namespace.string("orders", 4, 100).withId(2)),
            begin(3, ORDERS, Namespace.string("orders", 1, 1).withId(2)),
            begin(3, ORDERS, Namespace.string("other", 1, 1).withId(1)),
            begin(3, ORDERS, Namespace.string("late", 1, 1).withId(6)),
            begin(3, ORDERS, Namespace.string("bad name", 1, 1).withId(2)))) {
      assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(conflict), conflict.toString());
    }
    assertEquals(
        java.util.HexFormat.of().formatHex(before),
        java.util.HexFormat.of().formatHex(replica.table.dump()));
  }

  @Test
  void stepsAreTakenInOrderAndRepeatsChangeNothing() {
    RestoreRecord began = restored(begin(3, ORDERS));
    assertEquals(began, restored(begin(3, ORDERS)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(sections(3, 1, NEVER)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(sections(4, 0, NEVER)));
    SavedSection saved = new SavedSection(2, 300);
    restored(sections(3, 0, saved, saved));
    SectionRecord once = replica.section(1);
    restored(sections(3, 0, saved, saved));
    restored(sections(3, 1, saved));
    assertEquals(once, replica.section(1));
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(sections(3, 1, saved, saved)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(sections(3, 2, saved, saved, saved)));
    restored(sections(3, 2, saved, saved));
    restored(new RestoreStep.End(3));
    restored(new RestoreStep.End(3));
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(new RestoreStep.End(9)));
  }

  @Test
  void oneThatWasCutOffIsBegunAgainAndLiftsAgain() {
    restored(begin(3, ORDERS));
    restored(sections(3, 0, new SavedSection(2, 300)));
    SectionRecord first = replica.section(0);
    restoreAll(4);
    assertEquals(first.maxSeq() + JUMP, replica.section(0).maxSeq());
    assertTrue(replica.section(0).epoch() > first.epoch());
    assertEquals(ErrorCode.INVALID_ARGUMENT, replica.refusal(new RestoreStep.End(3)));
    assertEquals(2 * JUMP, replica.state.reader().restore().floorNumber());
  }

  @Test
  void nothingIsLoweredByAnOldBackup() {
    restoreAll(3);
    int owner = replica.register("n", 1);
    replica.grant(owner, 0, 4);
    SectionRecord before = replica.section(0);
    replica.expire(owner);
    restoreAll(4);
    SectionRecord after = replica.section(0);
    assertTrue(after.epoch() > before.epoch() && after.base() >= before.maxSeq() + JUMP);
  }

  @Test
  void numbersEndAtTheLargestThereIs() {
    restored(begin(3, ORDERS));
    SavedSection last = new SavedSection(1, Limits.MAX_NUMBER - 5);
    restored(sections(3, 0, last, NEVER, NEVER, NEVER));
    restored(new RestoreStep.End(3));
    assertEquals(Limits.MAX_NUMBER, replica.section(0).maxSeq());
    int owner = replica.register("n", 1);
    assertEquals(1, replica.grant(owner, 0, 1).exhausted());
  }

  @Test
  void epochsThatAreUsedUpAreRefusedAndChangeNothing() {
    restored(begin(3, ORDERS));
    SavedSection last = new SavedSection(RouteTable.MAX_EPOCH, 5);
    assertEquals(ErrorCode.NUMBERS_EXHAUSTED, replica.refusal(sections(3, 0, NEVER, last)));
    assertEquals(0, replica.state.reader().restore().section());
  }
}
