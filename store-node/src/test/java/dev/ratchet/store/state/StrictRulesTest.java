package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Suspicion, barriers, and what they mean to strict namespaces and to the others. */
class StrictRulesTest {
  private static final int RELAXED = 1;
  private static final int STRICT = 2;

  private final Replica replica = Replica.withNamespace();
  private final int a;
  private final int b;

  StrictRulesTest() {
    replica.apply(new Command.CreateNamespace(Namespace.string("ledger", 4, 100).asStrict()));
    a = replica.register("a", 1);
    b = replica.register("b", 2);
    grant(RELAXED, a);
    grant(STRICT, a);
  }

  private Result.Granted grant(int namespace, int incarnation) {
    return replica.apply(
        Result.Granted.class,
        new Command.Grant(List.of(new Command.Run(namespace, 0, 1, incarnation))));
  }

  private Lease lease(int incarnation) {
    return Objects.requireNonNull(replica.state.reader().lease(incarnation));
  }

  private SectionRecord record(int namespace) {
    return Objects.requireNonNull(replica.state.reader().section(namespace, 0));
  }

  private Result.Suspected suspect(int incarnation) {
    return replica.apply(
        Result.Suspected.class, new Command.Suspect(incarnation, lease(incarnation).renewal()));
  }

  private List<SectionRef> stale(int incarnation, SectionEpoch... sections) {
    return replica
        .apply(Result.Confirmed.class, new Command.Confirm(incarnation, List.of(sections)))
        .stale();
  }

  @Test
  void aStrictSectionOfASuspectIsTakenOverAboveItsWholeWindow() {
    suspect(a);
    assertEquals(1, grant(STRICT, b).granted());
    assertEquals(b, record(STRICT).owner());
    assertEquals(2, record(STRICT).epoch());
    assertEquals(100, record(STRICT).base());
    assertEquals(200, record(STRICT).maxSeq());
  }

  @Test
  void anotherSectionOfASuspectIsNot() {
    suspect(a);
    assertEquals(1, grant(RELAXED, b).skipped());
    assertEquals(a, record(RELAXED).owner());
  }

  @Test
  void aStrictSectionOfALivingOwnerIsNot() {
    assertEquals(1, grant(STRICT, b).skipped());
    assertEquals(a, record(STRICT).owner());
  }

  @Test
  void aSuspectIsGrantedNothing() {
    suspect(b);
    replica.expire(a);
    assertEquals(1, grant(STRICT, b).skipped());
    assertEquals(1, grant(RELAXED, b).skipped());
  }

  @Test
  void aRenewalEndsTheSuspicionAndTheRouteTableSaysSo() {
    assertTrue(suspect(a).lease().suspect());
    assertTrue(Objects.requireNonNull(replica.routes.owner(a)).suspect());
    replica.apply(Result.Renewed.class, new Command.Renew(a));
    assertFalse(lease(a).suspect());
    assertFalse(Objects.requireNonNull(replica.routes.owner(a)).suspect());
    assertEquals(1, grant(STRICT, b).skipped());
  }

  @Test
  void theSameRegistrationAgainEndsTheSuspicion() {
    suspect(a);
    replica.register("a", 1);
    assertFalse(Objects.requireNonNull(replica.routes.owner(a)).suspect());
  }

  @Test
  void aNewerRenewalDefeatsTheSuspicion() {
    long seen = lease(a).renewal();
    replica.apply(Result.Renewed.class, new Command.Renew(a));
    long version = replica.version();
    Result.Suspected result = replica.apply(Result.Suspected.class, new Command.Suspect(a, seen));
    assertFalse(result.lease().suspect());
    assertNull(result.routes());
    assertEquals(version, replica.version());
  }

  @Test
  void aSuspicionIsNoRenewalAndDoesNotDefeatAnExpire() {
    long seen = lease(a).renewal();
    suspect(a);
    assertNull(replica.apply(Result.Suspected.class, new Command.Suspect(a, seen)).routes());
    assertNotNull(replica.apply(Result.Expired.class, new Command.Expire(a, seen)).routes());
    assertEquals(ErrorCode.STALE_INCARNATION, replica.refusal(new Command.Suspect(a, seen)));
  }

  @Test
  void aBarrierConfirmsWhatIsOwnedUnderItsEpoch() {
    assertEquals(
        List.of(), stale(a, new SectionEpoch(STRICT, 0, 1), new SectionEpoch(RELAXED, 0, 1)));
  }

  @Test
  void aBarrierNamesWhatIsNot() {
    suspect(a);
    grant(STRICT, b);
    SectionEpoch old = new SectionEpoch(STRICT, 0, 1);
    assertEquals(List.of(old.ref()), stale(a, new SectionEpoch(RELAXED, 0, 1), old));
    assertEquals(List.of(old.ref()), stale(b, old), "of the old epoch, for the new owner");
    assertEquals(
        List.of(new SectionRef(STRICT, 0)), stale(a, new SectionEpoch(STRICT, 0, 2)), "forged");
    assertEquals(List.of(), stale(b, new SectionEpoch(STRICT, 0, 2)));
    assertEquals(
        List.of(new SectionRef(STRICT, 3)), stale(b, new SectionEpoch(STRICT, 3, 0)), "ungranted");
    assertEquals(List.of(new SectionRef(9, 0)), stale(b, new SectionEpoch(9, 0, 1)), "unknown");
  }

  @Test
  void aBarrierOfALeaseThatIsOverConfirmsNothing() {
    replica.expire(a);
    SectionEpoch own = new SectionEpoch(STRICT, 0, 1);
    assertEquals(List.of(own.ref()), stale(a, own));
  }

  @Test
  void aBarrierChangesNothing() {
    byte[] before = replica.table.dump();
    stale(a, new SectionEpoch(STRICT, 0, 1), new SectionEpoch(STRICT, 0, 7));
    assertArrayEquals(before, replica.table.dump());
  }
}
