package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
        List.of(new Lease(1, "a", "zone-1", "a.example", 7000, -5, 1600, false, 0, false)),
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
