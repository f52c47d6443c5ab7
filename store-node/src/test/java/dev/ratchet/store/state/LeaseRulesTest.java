package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.route.RouteTable;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LeaseRulesTest {
  private final Replica replica = Replica.withNamespace();

  @Test
  void firstIncarnationIsOneAndEachNextIsNew() {
    assertEquals(1, replica.register("a", 10));
    assertEquals(2, replica.register("b", 20));
    replica.expire(2);
    assertEquals(3, replica.register("b", 21));
  }

  @Test
  void registerKeepsAllThatWasSaid() {
    replica.register("a", -5);
    assertEquals(
        List.of(new Lease(1, "a", "zone-1", "a.example", 7000, -5, 1600, false, false, 0, false)),
        replica.state.reader().leases());
  }

  @Test
  void sameProcessGetsTheSameIncarnationAgain() {
    int incarnation = replica.register("a", 10);
    long version = replica.version();
    Result.Registered again = replica.apply(Result.Registered.class, Replica.registration("a", 10));
    assertEquals(incarnation, again.lease().incarnation());
    assertNull(again.routes());
    assertEquals(version, replica.version());
    assertEquals(1, replica.state.reader().leases().size());
  }

  @Test
  void repeatedRegisterDefeatsAnExpireLikeARenewal() {
    replica.register("a", 10);
    Result.Registered again = replica.apply(Result.Registered.class, Replica.registration("a", 10));
    assertEquals(1, again.lease().renewal());
    replica.apply(Result.ExpireDefeated.class, new Command.Expire(1, 0));
  }

  @Test
  void otherProcessOfALivingNodeIdIsRefusedWithTheHoldersAddress() {
    replica.register("a", 10);
    Result.Refused refused = replica.apply(Result.Refused.class, Replica.registration("a", 11));
    assertEquals(ErrorCode.NODE_ID_IN_USE, refused.code());
    assertEquals("a.example:7000", refused.hint());
    assertTrue(refused.message().contains("a.example:7000"), refused.message());
    assertEquals(ErrorCode.NODE_ID_IN_USE, refused.toException().code());
  }

  @Test
  void registerRaisesTheRouteVersionByOneAndNamesTheOwner() {
    long before = replica.version();
    replica.register("a", 10);
    assertEquals(before + 1, replica.version());
    assertEquals(before + 1, replica.routes.version());
    assertNotNull(replica.routes.owner(1));
  }

  @Test
  void incarnationsEndAtWhatTheRouteTableHolds() {
    StateWriter writer = new StateWriter(replica.table, replica.state.reader());
    writer.put(writer.meta().withIncarnation(RouteTable.MAX_INCARNATION - 1));
    assertEquals(RouteTable.MAX_INCARNATION, replica.register("a", 1));
    assertEquals(ErrorCode.NUMBERS_EXHAUSTED, replica.refusal(Replica.registration("b", 2)));
  }

  @Test
  void renewCountsUpAndLeavesTheRouteVersion() {
    replica.register("a", 10);
    long before = replica.version();
    assertEquals(1, replica.apply(Result.Renewed.class, new Command.Renew(1)).lease().renewal());
    Result.Renewed second = replica.apply(Result.Renewed.class, new Command.Renew(1));
    assertEquals(2, second.lease().renewal());
    assertEquals(1600, second.lease().holderMillis());
    assertNull(second.routes());
    assertEquals(before, replica.version());
  }

  @Test
  void leavingIsToldOnceAndStaysSo() {
    replica.register("a", 10);
    long before = replica.version();
    Result.Renewed leaving = replica.apply(Result.Renewed.class, new Command.Renew(1, true));
    assertTrue(leaving.lease().leaving());
    assertEquals(before + 1, replica.version());
    assertTrue(Objects.requireNonNull(replica.routes.owner(1)).leaving());
    Result.Renewed later = replica.apply(Result.Renewed.class, new Command.Renew(1, false));
    assertTrue(later.lease().leaving());
    replica.apply(Result.Renewed.class, new Command.Renew(1, true));
    assertEquals(before + 1, replica.version());
  }

  @Test
  void repeatedRegisterOfALeavingNodeLeavesItLeaving() {
    replica.register("a", 10);
    replica.apply(new Command.Renew(1, true));
    Result.Registered again = replica.apply(Result.Registered.class, Replica.registration("a", 10));
    assertTrue(again.lease().leaving());
  }

  @Test
  void aDrainedNodeTakesNothingOnAndKeepsWhatItHas() {
    replica.register("a", 10);
    replica.register("b", 20);
    replica.grant(1, 0, 2);
    SectionRecord before = replica.section(0);
    long version = replica.version();
    Result.Drained drained = replica.apply(Result.Drained.class, new Command.Drain("a", false));
    assertEquals(1, drained.lease().incarnation());
    assertTrue(drained.lease().drained());
    assertEquals(version + 1, replica.version());
    assertTrue(Objects.requireNonNull(replica.routes.owner(1)).leaving());
    assertEquals(before, replica.section(0));
    assertEquals(0, replica.grant(1, 2, 2).granted());
  }

  @Test
  void aDrainIsNoRenewalAndAnExpireOnItsWayStillEndsTheLease() {
    replica.register("a", 10);
    replica.register("b", 20);
    replica.apply(Result.Drained.class, new Command.Drain("a", false));
    replica.apply(Result.Expired.class, new Command.Expire(1, 0));
  }

  @Test
  void theSameDrainAgainChangesNothing() {
    replica.register("a", 10);
    replica.register("b", 20);
    replica.apply(Result.Drained.class, new Command.Drain("a", false));
    byte[] before = replica.table.dump();
    Result.Drained again = replica.apply(Result.Drained.class, new Command.Drain("a", false));
    assertNull(again.routes());
    assertArrayEquals(before, replica.table.dump());
  }

  @Test
  void aDrainThatIsTakenBackLetsTheNodeTakeSectionsAgainUnlessItLeavesByItself() {
    replica.register("a", 10);
    replica.register("b", 20);
    replica.apply(Result.Drained.class, new Command.Drain("a", false));
    replica.apply(Result.Drained.class, new Command.Drain("a", true));
    assertFalse(Objects.requireNonNull(replica.routes.owner(1)).leaving());
    assertEquals(2, replica.grant(1, 0, 2).granted());
    replica.apply(Result.Drained.class, new Command.Drain("a", false));
    replica.apply(Result.Renewed.class, new Command.Renew(1, true));
    replica.apply(Result.Drained.class, new Command.Drain("a", true));
    assertTrue(Objects.requireNonNull(replica.routes.owner(1)).leaving());
    assertEquals(0, replica.grant(1, 2, 2).granted());
  }

  @Test
  void aNodeThatRegistersAnewIsNotDrained() {
    replica.register("a", 10);
    replica.register("b", 20);
    replica.apply(Result.Drained.class, new Command.Drain("a", false));
    replica.expire(1);
    assertEquals(3, replica.register("a", 11));
    assertFalse(Objects.requireNonNull(replica.state.reader().lease(3)).drained());
  }

  @Test
  void onlyALivingNodeIsDrainedAndNotTheLastThatTakesSections() {
    Result.Refused unknown = replica.apply(Result.Refused.class, new Command.Drain("a", false));
    assertEquals(ErrorCode.INVALID_ARGUMENT, unknown.code());
    assertTrue(unknown.message().contains("none lives"), unknown.message());
    replica.register("a", 10);
    replica.register("b", 20);
    unknown = replica.apply(Result.Refused.class, new Command.Drain("c", false));
    assertTrue(unknown.message().contains("those that live: a, b"), unknown.message());
    replica.apply(Result.Drained.class, new Command.Drain("a", false));
    Result.Refused last = replica.apply(Result.Refused.class, new Command.Drain("b", false));
    assertEquals(ErrorCode.INVALID_ARGUMENT, last.code());
    assertTrue(last.message().contains("only allocation node"), last.message());
  }

  @Test
  void renewWithoutLeaseIsStale() {
    assertEquals(ErrorCode.STALE_INCARNATION, replica.refusal(new Command.Renew(1)));
    replica.register("a", 10);
    replica.expire(1);
    assertEquals(ErrorCode.STALE_INCARNATION, replica.refusal(new Command.Renew(1)));
  }

  @Test
  void expireOfTheLastRenewalEndsTheLeaseAndLeavesItsSections() {
    replica.register("a", 10);
    replica.grant(1, 0, 4);
    SectionRecord before = replica.section(2);
    long version = replica.version();
    replica.apply(new Command.Renew(1));
    replica.apply(Result.Expired.class, new Command.Expire(1, 1));
    assertNull(replica.state.reader().lease(1));
    assertEquals(before, replica.section(2));
    assertEquals(version + 1, replica.version());
    assertNull(replica.routes.owner(1));
  }

  @Test
  void newerRenewalDefeatsTheExpire() {
    replica.register("a", 10);
    replica.apply(new Command.Renew(1));
    byte[] before = replica.table.dump();
    Result.ExpireDefeated defeated =
        replica.apply(Result.ExpireDefeated.class, new Command.Expire(1, 0));
    assertEquals(1, defeated.lease().renewal());
    assertArrayEquals(before, replica.table.dump());
  }

  @Test
  void expireWithoutLeaseIsStale() {
    assertEquals(ErrorCode.STALE_INCARNATION, replica.refusal(new Command.Expire(1, 0)));
  }
}
