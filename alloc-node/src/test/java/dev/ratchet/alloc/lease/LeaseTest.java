package dev.ratchet.alloc.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** At every start of the clock, since {@link System#nanoTime} may be anything and wrap around. */
class LeaseTest {
  private static final long HOLDER = 1_600;

  @Property
  void itIsNotValidBeforeTheFirstRenewal(
      @ForAll long start, @ForAll @LongRange(min = 0, max = 1L << 60) long later) {
    assertFalse(new Lease(1, HOLDER, start).isValid(start + later));
  }

  @Property
  void itIsValidForTheHolderTimeFromBeforeTheRenewalWasSent(
      @ForAll long start, @ForAll @LongRange(min = 0, max = 1L << 60) long sent) {
    Lease lease = new Lease(1, HOLDER, start);
    lease.renewed(start + sent);
    assertTrue(lease.isValid(start + sent + HOLDER - 1));
    assertFalse(lease.isValid(start + sent + HOLDER));
    assertEquals(HOLDER, lease.leftNanos(start + sent));
  }

  @Property
  void renewalsAnsweredInAnyOrderCountFromTheLastSent(
      @ForAll long start,
      @ForAll @LongRange(min = 0, max = 1L << 40) long first,
      @ForAll @LongRange(min = 0, max = 1L << 40) long second) {
    Lease lease = new Lease(1, HOLDER, start);
    lease.renewed(start + first);
    lease.renewed(start + second);
    assertEquals(HOLDER, lease.leftNanos(start + Math.max(first, second)));
  }

  @Property
  void onceEndedNoRenewalBringsItBack(@ForAll long start) {
    Lease lease = new Lease(1, HOLDER, start);
    lease.renewed(start);
    lease.end(start + 5);
    lease.renewed(start + 4);
    lease.renewed(start + 6);
    assertFalse(lease.isValid(start + 5));
    assertFalse(lease.isValid(start + 7));
    assertTrue(lease.isEnded());
  }

  @Example
  void theEndOfALeaseThatIsOverDoesNotProlongIt() {
    Lease lease = new Lease(1, HOLDER, 0);
    lease.renewed(0);
    lease.end(HOLDER + 100);
    assertEquals(-100, lease.leftNanos(HOLDER + 100));
  }
}
