package dev.ratchet.client;

import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.rpc.DirectOwner;
import java.util.concurrent.atomic.AtomicLong;

/** A node of a {@link FakeCluster} as callers of its process reach it. Thread-safe. */
public final class FakeDirect implements DirectOwner {
  private final FakeCluster cluster;
  private final int incarnation;
  private final AtomicLong takes = new AtomicLong();
  private final AtomicLong confirmed = new AtomicLong();
  private volatile boolean serving = true;
  private volatile boolean holdsLease = true;

  public FakeDirect(FakeCluster cluster, int incarnation) {
    this.cluster = cluster;
    this.incarnation = incarnation;
  }

  /** Whether it serves, or says {@link #NOT_NOW} to all. */
  public void serving(boolean on) {
    serving = on;
  }

  /** Whether the lease holds when it is asked after numbers were taken. */
  public void holdsLease(boolean on) {
    holdsLease = on;
  }

  /** Calls that took numbers. */
  public long takes() {
    return takes.get();
  }

  /** Numbers that were asked to be confirmed. */
  public long confirmed() {
    return confirmed.get();
  }

  @Override
  public int incarnation() {
    return incarnation;
  }

  @Override
  public long take(int owner, int namespaceId, int section, long epoch, long key, int count) {
    SectionRun route = cluster.routeOf(namespaceId, key);
    boolean mine = route.owner() == incarnation && owner == incarnation && route.epoch() == epoch;
    if (!serving || !mine || route.first() != section) {
      return NOT_NOW;
    }
    takes.incrementAndGet();
    return cluster.take(namespaceId, key, count) - count + 1;
  }

  @Override
  public boolean confirm(int owner, long numbers) {
    confirmed.addAndGet(numbers);
    return holdsLease;
  }
}
