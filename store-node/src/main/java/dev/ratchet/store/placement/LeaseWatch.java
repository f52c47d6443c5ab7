package dev.ratchet.store.placement;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Lease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Says whose lease nobody renewed in time. Told of renewals on every store node, asked on the
 * leader. Thread-safe: entries are applied on one thread and time passes on another.
 *
 * <p>Invariants: a lease is due no earlier than its whole wait after its last renewal came here or
 * was applied here, which is after its holder sent it, whoever led then; the wait is at least the
 * holder's own time × 5/4, so that clocks whose rates differ by less than 25 % can't make two
 * owners; an expire names the last renewal seen, so that one on its way still defeats it; a new
 * leader leaves every holder the time to renew with it.
 */
public final class LeaseWatch {
  /** An expire that was proposed and had no effect is proposed again after this. */
  public static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** A new leader leaves one in so many parts of a wait, at least. */
  static final int LEAST_LEFT = 4;

  private final long waitNanos;

  @GuardedBy("this")
  private final Map<Integer, Watched> watched = new TreeMap<>();

  /** Moments on the monotonic clock; {@code since}: when the renewal was applied, or came. */
  private record Watched(long renewal, long since, long endsAt, long proposeAt) {}

  /** {@code waitMillis}: the least time without a renewal after which a lease may be expired. */
  public LeaseWatch(int waitMillis) {
    this.waitNanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
  }

  /** The least time without a renewal after which a lease may be expired. */
  public long waitNanos() {
    return waitNanos;
  }

  /**
   * This node became leader and has applied all before its term. Waits go on from when it applied
   * the renewals itself, or from {@code heardNanos}, by when all of them had come here: the last
   * ones are applied only now. They leave time to renew with the new leader. A wait that it did not
   * see begin begins anew, and so does one that is over: nobody led for as long, so nobody could
   * renew.
   */
  public synchronized void onLeader(long nowNanos, long heardNanos, List<Lease> leases) {
    Map<Integer, Watched> known = new HashMap<>(watched);
    watched.clear();
    for (Lease lease : leases) {
      Watched seen = known.get(lease.incarnation());
      if (seen == null || seen.renewal() != lease.renewal()) {
        arm(lease, nowNanos);
        continue;
      }
      long since = heardNanos - seen.since() < 0 ? heardNanos : seen.since();
      long endsAt = since + wait(lease);
      long least = nowNanos + waitNanos / LEAST_LEFT;
      if (endsAt - nowNanos <= 0) {
        arm(lease, nowNanos);
      } else {
        arm(lease, since, endsAt - least < 0 ? least : endsAt);
      }
    }
  }

  /** A register or renewal was applied. */
  public synchronized void onRenewed(Lease lease, long nowNanos) {
    Watched known = watched.get(lease.incarnation());
    if (known == null || lease.renewal() >= known.renewal()) {
      arm(lease, nowNanos);
    }
  }

  /** The lease was ended. */
  public synchronized void onGone(int incarnation) {
    watched.remove(incarnation);
  }

  /** What to propose now; the same again only after {@link #RETRY_NANOS}, or once re-armed. */
  public synchronized List<Command.Expire> due(long nowNanos) {
    List<Command.Expire> due = new ArrayList<>();
    watched.replaceAll(
        (incarnation, lease) -> {
          if (nowNanos - lease.proposeAt() < 0) {
            return lease;
          }
          due.add(new Command.Expire(incarnation, lease.renewal()));
          return new Watched(
              lease.renewal(), lease.since(), lease.endsAt(), nowNanos + RETRY_NANOS);
        });
    return due;
  }

  /** Time until the lease may be expired, in milliseconds; 0 if it may now or is unknown. */
  public synchronized long leaseLeftMillis(int incarnation, long nowNanos) {
    Watched lease = watched.get(incarnation);
    return lease == null ? 0 : Math.max(0, millis(lease.endsAt() - nowNanos));
  }

  private long wait(Lease lease) {
    long holderNanos = TimeUnit.MILLISECONDS.toNanos(lease.holderMillis());
    return Math.max(waitNanos, holderNanos + (holderNanos + 3) / 4);
  }

  @GuardedBy("this")
  private void arm(Lease lease, long nowNanos) {
    arm(lease, nowNanos, nowNanos + wait(lease));
  }

  @GuardedBy("this")
  private void arm(Lease lease, long since, long endsAt) {
    watched.put(lease.incarnation(), new Watched(lease.renewal(), since, endsAt, endsAt));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
