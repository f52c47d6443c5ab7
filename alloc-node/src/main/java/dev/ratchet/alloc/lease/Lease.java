package dev.ratchet.alloc.lease;

/**
 * The right of one incarnation to serve, by time: {@code holderNanos} counted from before the last
 * successful renewal was sent. It starts out not valid, until the first renewal. {@link #isValid}
 * from any thread; the rest from one.
 */
public final class Lease {
  private final int incarnation;
  private final long holderNanos;
  private volatile boolean ended;
  private volatile long validUntilNanos;

  /** {@code nowNanos}: any moment that is not in the future. */
  public Lease(int incarnation, long holderNanos, long nowNanos) {
    this.incarnation = incarnation;
    this.holderNanos = holderNanos;
    this.validUntilNanos = nowNanos;
  }

  /** The number of this lease. */
  public int incarnation() {
    return incarnation;
  }

  /** Whether its holder may serve at this moment. */
  public boolean isValid(long nowNanos) {
    return nowNanos - validUntilNanos < 0;
  }

  /** A renewal sent at this moment was committed; answers may come in any order. */
  public void renewed(long sentNanos) {
    long until = sentNanos + holderNanos;
    if (!ended && until - validUntilNanos > 0) {
      validUntilNanos = until;
    }
  }

  /** Ends the lease for good. */
  public void end(long nowNanos) {
    ended = true;
    if (isValid(nowNanos)) {
      validUntilNanos = nowNanos;
    }
  }

  /** Whether it is over for good. */
  public boolean isEnded() {
    return ended;
  }

  /** Time left, zero or below once it is not valid. */
  public long leftNanos(long nowNanos) {
    return validUntilNanos - nowNanos;
  }
}
