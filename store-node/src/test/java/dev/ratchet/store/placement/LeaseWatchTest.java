package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.store.state.Command.Expire;
import dev.ratchet.store.state.Lease;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
  /** Times are of any origin: the tests begin just below the overflow of the clock. */
  private static final long START = Long.MAX_VALUE - 1_000_000_000L;

  private final LeaseWatch watch = new LeaseWatch(2_000);

  private static Lease lease(int incarnation, int holderMillis, long renewal) {
    return new Lease(
        incarnation, "n" + incarnation, "z", "h", 1, 5, holderMillis, false, false, renewal, false);
  }

  private static long at(long millis) {
    return START + millis * 1_000_000;
  }

  @Test
  void leaseIsDueAfterTheWholeWaitAndNotBefore() {
    watch.onRenewed(lease(1, 1_600, 0), at(0));
    assertEquals(List.of(), watch.due(at(2_000) - 1));
    assertEquals(List.of(new Expire(1, 0)), watch.due(at(2_000)));
  }

  @Test
  void renewalGivesTheWholeWaitAgainAndIsNamed() {
    watch.onRenewed(lease(1, 1_600, 0), at(0));
    watch.onRenewed(lease(1, 1_600, 1), at(1_500));
    assertEquals(List.of(), watch.due(at(3_499)));
    assertEquals(List.of(new Expire(1, 1)), watch.due(at(3_500)));
  }

  @Test
  void olderRenewalThanSeenChangesNothing() {
    watch.onRenewed(lease(1, 1_600, 5), at(0));
    watch.onRenewed(lease(1, 1_600, 4), at(1_000));
    assertEquals(List.of(new Expire(1, 5)), watch.due(at(2_000)));
  }

  @Test
  void holderWithLongerTimeIsWaitedForAQuarterLonger() {
    watch.onRenewed(lease(1, 4_000, 0), at(0));
    assertEquals(List.of(), watch.due(at(5_000) - 1));
    assertEquals(List.of(new Expire(1, 0)), watch.due(at(5_000)));
  }

  @Test
  void quarterIsRoundedUp() {
    watch.onRenewed(lease(1, 2_001, 0), at(0));
    long wait = 2_001_000_000L * 5 / 4;
    assertEquals(List.of(), watch.due(at(0) + wait - 1));
    assertEquals(1, watch.due(at(0) + wait).size());
  }

  /** It applied the renewal after its holder sent it, as the old leader did. */
  @Test
  void newLeaderGoesOnFromWhenItAppliedTheRenewalItself() {
    watch.onRenewed(lease(1, 1_600, 7), at(0));
    watch.onRenewed(lease(2, 1_600, 3), at(100));
    watch.onLeader(at(900), at(900), List.of(lease(1, 1_600, 7), lease(2, 1_600, 3)));
    assertEquals(List.of(), watch.due(at(2_000) - 1));
    assertEquals(List.of(new Expire(1, 7)), watch.due(at(2_000)));
    assertEquals(List.of(new Expire(2, 3)), watch.due(at(2_100)));
  }

  /** The last entries of the old leader are known to be committed only then. */
  @Test
  void newLeaderCountsARenewalThatItAppliedLateFromWhenItCame() {
    watch.onRenewed(lease(1, 1_600, 6), at(0));
    watch.onRenewed(lease(1, 1_600, 7), at(900));
    watch.onRenewed(lease(2, 1_600, 3), at(100));
    watch.onLeader(at(900), at(250), List.of(lease(1, 1_600, 7), lease(2, 1_600, 3)));
    assertEquals(List.of(new Expire(2, 3)), watch.due(at(2_100)));
    assertEquals(List.of(), watch.due(at(2_250) - 1));
    assertEquals(List.of(new Expire(1, 7)), watch.due(at(2_250)));
  }

  /** As after the state came as a snapshot, or from the log of a life before. */
  @Test
  void newLeaderGivesTheWholeWaitToWhomItDidNotSeeRenew() {
    watch.onRenewed(lease(1, 1_600, 6), at(0));
    watch.onRenewed(lease(3, 1_600, 0), at(0));
    watch.onLeader(at(100), at(100), List.of(lease(1, 1_600, 7), lease(2, 1_600, 9)));
    assertEquals(List.of(), watch.due(at(2_100) - 1));
    assertEquals(List.of(new Expire(1, 7), new Expire(2, 9)), watch.due(at(2_100)));
  }

  /** As after an election that was slow: who lives must not be taken for dead. */
  @Test
  void newLeaderLeavesTimeToRenew() {
    watch.onRenewed(lease(1, 1_600, 7), at(0));
    watch.onLeader(at(1_999), at(1_999), List.of(lease(1, 1_600, 7)));
    assertEquals(List.of(), watch.due(at(2_499) - 1));
    assertEquals(List.of(new Expire(1, 7)), watch.due(at(2_499)));
  }

  /** As after all store nodes were away: nobody could renew meanwhile. */
  @Test
  void newLeaderAfterALongTimeWithoutOneGivesEverybodyTheWholeWait() {
    watch.onRenewed(lease(1, 1_600, 7), at(0));
    watch.onLeader(at(2_000), at(2_000), List.of(lease(1, 1_600, 7)));
    assertEquals(List.of(), watch.due(at(4_000) - 1));
    assertEquals(List.of(new Expire(1, 7)), watch.due(at(4_000)));
  }

  @Test
  void leaseThatIsGoneIsNotDue() {
    watch.onRenewed(lease(1, 1_600, 0), at(0));
    watch.onGone(1);
    assertEquals(List.of(), watch.due(at(9_000)));
  }

  @Test
  void expireWithoutEffectIsProposedAgainAfterAWhile() {
    watch.onRenewed(lease(1, 1_600, 0), at(0));
    assertEquals(1, watch.due(at(2_000)).size());
    assertEquals(List.of(), watch.due(at(2_199)));
    assertEquals(List.of(new Expire(1, 0)), watch.due(at(2_200)));
    assertEquals(List.of(), watch.due(at(2_399)));
  }

  @Test
  void renewalAfterAnExpireWasProposedArmsAnew() {
    watch.onRenewed(lease(1, 1_600, 0), at(0));
    assertEquals(1, watch.due(at(2_000)).size());
    watch.onRenewed(lease(1, 1_600, 1), at(2_001));
    assertEquals(List.of(), watch.due(at(4_000)));
    assertEquals(List.of(new Expire(1, 1)), watch.due(at(4_001)));
  }

  @Test
  void timeLeftCountsDownToZero() {
    watch.onRenewed(lease(1, 1_600, 0), at(0));
    assertEquals(2_000, watch.leaseLeftMillis(1, at(0)));
    assertEquals(500, watch.leaseLeftMillis(1, at(1_500)));
    assertEquals(1, watch.due(at(2_000)).size());
    assertEquals(0, watch.leaseLeftMillis(1, at(2_000)));
    assertEquals(0, watch.leaseLeftMillis(1, at(9_000)));
    assertEquals(0, watch.leaseLeftMillis(2, at(0)));
  }
}
