package dev.ratchet.router.resp;

import dev.ratchet.client.CallInbox;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.client.SequenceCall;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the commands of one connection about one key in their order, while those about different
 * keys run side by side.
 *
 * <p>Why: pipelined commands are all under way at once. Say the first {@code INCR} of a key is
 * refused (the lease was just lost) and tried again, and the second, a moment later, is not: the
 * second would get the smaller number, and the replies of one connection would go down. So for each
 * key there is a lane with at most one call under way. What comes meanwhile waits, and goes as
 * <em>one</em> call when the lane is free: {@code INCR, INCR, INCRBY 3} becomes a call for five
 * numbers that are dealt out in order. That makes the order certain instead of likely, whatever is
 * retried below (a call that starts after another one returned gets larger numbers), it costs a
 * round trip only where one key is used again before its answer came, and it saves calls exactly
 * there. A {@code GET} between two {@code INCR}s takes its place in the lane too, and so sees
 * neither more nor less than on a single Redis.
 *
 * <p>Alternatives: to remember a floor for each key and ask again for a reply that came out too
 * small wastes numbers and needs the same lanes to know which replies overlap; to hold back the
 * whole section while one call is tried again makes keys wait for others.
 *
 * <p>Lanes are told apart by a hash of namespace and key, the same for all ways to write one user
 * id; keys that share a lane wait for each other, which is harmless. The deadline of a call counts
 * from the arrival of its first command, so that a lane that stands still fails as a whole when its
 * time is over, not one call after another.
 *
 * <p>Invariants: a lane is in the map exactly while a group of it is not done; the groups of a lane
 * form a chain from the one that is under way to the one in the map. Confined to the connection's
 * event loop.
 */
final class KeyLanes {
  /** A command joins a waiting group only so long after its first, whose deadline it shares. */
  private static final int AGE_PARTS = 8;

  private final RatchetClient client;
  private final long timeoutNanos;
  private final CallInbox done = new CallInbox();
  private final Runnable wake;
  private final LongObjectMap<KeyGroup> tails = new LongObjectHashMap<>();
  private final List<KeyGroup> toStart = new ArrayList<>();
  private boolean abandoned;

  /** {@code wake}: called on any thread when {@link #settle} has something to do. */
  KeyLanes(RatchetClient client, int timeoutMillis, Runnable wake) {
    this.client = client;
    this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    this.wake = wake;
  }

  /** Lines up a command. */
  void add(KeyName name, KeyReply reply, long now) {
    long lane = name.lane();
    KeyGroup tail = tails.get(lane);
    if (tail != null && tail.join(name, reply, now, timeoutNanos / AGE_PARTS)) {
      return;
    }
    KeyGroup group = new KeyGroup(name, lane, now, reply, this::finished);
    tails.put(lane, group);
    if (tail == null) {
      toStart.add(group);
    } else {
      tail.following = group;
    }
  }

  /** Starts the lanes that were free. */
  void start() {
    for (KeyGroup group : toStart) {
      submit(group);
    }
    toStart.clear();
  }

  private void submit(KeyGroup group) {
    group.start();
    client.submit(group, group.arrivedNanos() + timeoutNanos);
  }

  private void finished(KeyGroup group) {
    if (done.offer(group)) {
      wake.run();
    }
  }

  /** Deals out the answers that have come, and starts what waited for them. */
  void settle() {
    SequenceCall call = done.takeAll();
    while (call != null) {
      SequenceCall after = CallInbox.detach(call);
      if (call instanceof KeyGroup group) {
        settle(group);
      }
      call = after;
    }
  }

  private void settle(KeyGroup group) {
    group.deal();
    KeyGroup following = group.following;
    if (following == null || abandoned) {
      tails.remove(group.lane());
    } else {
      submit(following);
    }
  }

  /** The connection is gone: nothing more is started. */
  void abandon() {
    abandoned = true;
    toStart.clear();
  }
}
