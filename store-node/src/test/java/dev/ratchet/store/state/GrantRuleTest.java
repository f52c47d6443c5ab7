package dev.ratchet.store.state;

import static dev.ratchet.store.state.Replica.assertOk;
import static dev.ratchet.store.state.Replica.chunk;
import static dev.ratchet.store.state.Replica.whole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GrantRuleTest {
  private final Replica replica = Replica.withNamespace();
  private final int a = replica.register("a", 1);
  private final int b = replica.register("b", 2);

  private void put(SectionRecord record) {
    replica.table.put(StateKeys.section(1, 0), Records.write(record));
  }

  @Test
  void firstGrantTakesTheFirstWindow() {
    assertEquals(4, replica.grant(a, 0, 4).granted());
    SectionRecord record = replica.section(3);
    assertEquals(new SectionRecord(a, 1, 0, 100, 0, 0, replica.version(), false), record);
    assertEquals(new Grant(1, 3, 1, 0, 100, 0), record.toGrant(1, 3));
  }

  @Test
  void oneEntryRaisesTheRouteVersionOnceAndNamesRuns() {
    long before = replica.version();
    Result.Granted granted =
        replica.apply(
            Result.Granted.class,
            new Command.Grant(
                List.of(
                    new Command.Run(1, 0, 1, a),
                    new Command.Run(1, 1, 2, b),
                    new Command.Run(1, 3, 1, b))));
    assertEquals(before + 1, replica.version());
    assertEquals(
        List.of(new SectionRun(1, 0, 1, a, 1), new SectionRun(1, 1, 3, b, 1)),
        Objects.requireNonNull(granted.routes()).runs());
  }

  @Test
  void sectionOfALivingOwnerIsSkipped() {
    replica.grant(a, 0, 2);
    long before = replica.version();
    Result.Granted granted = replica.grant(b, 0, 2);
    assertEquals(new Result.Granted(0, 2, 0, List.of(), null), granted);
    assertEquals(before, replica.version());
    assertEquals(a, replica.section(0).owner());
  }

  @Test
  void restOfARunIsGrantedWhenSomeIsSkipped() {
    replica.grant(a, 1, 1);
    Result.Granted granted = replica.grant(b, 0, 4);
    assertEquals(3, granted.granted());
    assertEquals(1, granted.skipped());
    assertEquals(a, replica.section(1).owner());
    assertEquals(b, replica.section(2).owner());
  }

  @Test
  void receiverWithoutLeaseGetsNothing() {
    replica.expire(b);
    assertEquals(4, replica.grant(b, 0, 4).skipped());
    assertNull(replica.state.reader().section(1, 0));
  }

  @Test
  void receiverThatLeavesGetsNothingAndKeepsWhatItHas() {
    replica.grant(b, 0, 1);
    replica.apply(new Command.Renew(b, true));
    assertEquals(3, replica.grant(b, 1, 3).skipped());
    assertEquals(1, replica.grant(a, 0, 1).skipped());
    assertEquals(b, replica.section(0).owner());
    assertOk(replica.raise(b, 0, 1, 100, 200));
    assertOk(replica.release(b, whole(0, 1, 200, 150)));
    assertEquals(1, replica.grant(a, 0, 1).granted());
  }

  @Test
  void sectionsThatDoNotExistAreSkipped() {
    assertEquals(1, replica.grant(a, 3, 2).skipped());
    assertNotNull(replica.state.reader().section(1, 3));
    assertNull(replica.state.reader().section(1, 4));
    Command.Grant unknown = new Command.Grant(List.of(new Command.Run(9, 0, 3, a)));
    assertEquals(3, replica.apply(Result.Granted.class, unknown).skipped());
  }

  @Test
  void afterACrashTheNextWindowBeginsAboveTheOldCeiling() {
    replica.grant(a, 0, 1);
    assertOk(replica.raise(a, 0, 1, 100, 250));
    replica.expire(a);
    replica.grant(b, 0, 1);
    SectionRecord record = replica.section(0);
    assertEquals(2, record.epoch());
    assertEquals(250, record.base());
    assertEquals(350, record.maxSeq());
  }

  @Test
  void deadOwnerCanBeReplacedByItsOwnNextLife() {
    replica.grant(a, 0, 1);
    replica.expire(a);
    int again = replica.register("a", 9);
    assertEquals(1, replica.grant(again, 0, 1).granted());
    assertEquals(100, replica.section(0).base());
  }

  @Test
  void afterAReleaseWindowAndPositionsGoOnExactly() {
    replica.grant(a, 0, 1);
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "positions", true)));
    replica.grant(b, 0, 1);
    assertEquals(new Grant(1, 0, 2, 0, 100, 1), replica.section(0).toGrant(1, 0));
    assertEquals("positions", replica.kept(0, 0));
  }

  @Test
  void aCrashAfterAHandoverDropsThePositions() {
    replica.grant(a, 0, 1);
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "old", true)));
    replica.grant(b, 0, 1);
    replica.expire(b);
    replica.grant(a, 0, 1);
    assertEquals(new Grant(1, 0, 3, 100, 200, 0), replica.section(0).toGrant(1, 0));
    assertEquals("none", replica.kept(0, 0));
  }

  @Test
  void aCrashInTheMiddleOfAReleaseDropsItsChunks() {
    replica.grant(a, 0, 1);
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "half", false)));
    replica.expire(a);
    replica.grant(b, 0, 1);
    assertEquals(new Grant(1, 0, 2, 100, 200, 0), replica.section(0).toGrant(1, 0));
    assertEquals("none", replica.kept(0, 0));
  }

  @Test
  void numbersUsedUpLeaveTheSectionAsItIs() {
    SectionRecord full =
        new SectionRecord(99, 5, 0, Limits.MAX_NUMBER - 99, 0, 0, replica.version(), false);
    put(full);
    long before = replica.version();
    assertEquals(
        new Result.Granted(0, 0, 1, List.of(new SectionEpoch(1, 0, 5)), null),
        replica.grant(a, 0, 1));
    assertEquals(full, replica.section(0));
    assertEquals(before, replica.version());
  }

  @Test
  void theLastWindowIsStillGranted() {
    put(new SectionRecord(99, 5, 0, Limits.MAX_NUMBER - 100, 0, 0, 0, false));
    assertEquals(1, replica.grant(a, 0, 1).granted());
    assertEquals(Limits.MAX_NUMBER, replica.section(0).maxSeq());
  }

  @Test
  void aReleasedSectionNeedsNoNewNumbersToBeGranted() {
    put(new SectionRecord(0, 5, 7, Limits.MAX_NUMBER, 0, 0, 0, false));
    assertEquals(1, replica.grant(a, 0, 1).granted());
  }

  @Test
  void epochsEndAtWhatTheRouteTableHolds() {
    put(new SectionRecord(0, RouteTable.MAX_EPOCH - 1, 0, 100, 0, 0, 0, false));
    assertEquals(1, replica.grant(a, 0, 1).granted());
    assertEquals(RouteTable.MAX_EPOCH, replica.section(0).epoch());
    assertOk(replica.release(a, whole(0, RouteTable.MAX_EPOCH, 100, 100)));
    assertEquals(1, replica.grant(a, 0, 1).exhausted());
  }
}
