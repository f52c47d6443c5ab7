package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.IssueResults;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcConnection;
import dev.ratchet.proto.time.MonotonicClock;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to one owner or router: one connection, and the calls that go over it in batches.
 *
 * <p>Any thread offers calls. The link's event loop takes all that have come, in order, and sends
 * them as few batches: those that come while the loop is busy go together, and once {@link
 * #MAX_BATCHES_IN_FLIGHT} are unanswered the next one grows until an answer makes room.
 *
 * <p>All fields but the inbox and {@code downUntil} are confined to the event loop. A link is
 * closed for good; calls that reach it later come back as failed attempts, never sent.
 */
final class Link {
  /** Unanswered batches; more calls wait and make a larger batch. */
  static final int MAX_BATCHES_IN_FLIGHT = 32;

  /** Bytes of items in a batch; half of what a request may have. */
  static final int MAX_BATCH_BYTES = 512 << 10;

  /** How often deadlines are looked at while calls are on the link. */
  static final long SWEEP_MILLIS = 10;

  /** After a failed connect: calls fail at once for so long, rather than knock again. */
  static final long CONNECT_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** The connection's own deadline lies so far behind the calls', which the sweep watches. */
  private static final long CONNECTION_SLACK_MILLIS = 1_000;

  /** What a link tells of its calls; called on the link's event loop. */
  interface Outcome {
    void answered(SequenceCall call, long value, long epoch, boolean upperBound);

    void attemptFailed(SequenceCall call, RatchetException cause);

    void outOfTime(SequenceCall call, boolean awaited);

    void routes(RouteDelta delta);
  }

  /** What all links of a client share. */
  record Surroundings(
      MonotonicClock clock,
      ClientMetrics metrics,
      Outcome outcome,
      LongSupplier routeVersion,
      LongConsumer newerRoutes,
      long stallNanos) {}

  private final HostPort address;
  private final BatchFormat format;
  private final int mostWaitMillis;
  private final EventLoop loop;
  private final Surroundings around;
  private final CallInbox inbox = new CallInbox();
  private final Runnable drain = this::drain;

  private final ArrayDeque<SequenceCall> staged = new ArrayDeque<>();
  private final List<Batch> inFlight = new ArrayList<>();
  private @Nullable RpcConnection connection;
  private boolean connecting;
  private boolean sweeping;
  private boolean probing;
  private long sweepsOfProbe;
  private boolean closed;
  private long stagedDeadline;
  private long silentSince;
  private @Nullable RatchetException connectFailure;
  private volatile long downUntil;

  /** {@code mostWaitMillis}: how long the other side may keep a call, at most. */
  Link(
      HostPort address,
      BatchFormat format,
      int mostWaitMillis,
      EventLoop loop,
      Surroundings around) {
    this.address = address;
    this.format = format;
    this.mostWaitMillis = mostWaitMillis;
    this.loop = loop;
    this.around = around;
    this.downUntil = around.clock.nanos();
  }

  HostPort address() {
    return address;
  }

  /** Whether it failed to connect a moment ago; thread-safe. */
  boolean isDown() {
    return around.clock.nanos() - downUntil < 0;
  }

  /** Puts a call on its way; from any thread. */
  void offer(SequenceCall call) {
    if (stage(call)) {
      wake();
    }
  }

  /** Puts a call in the queue; true if the link must then be {@link #wake woken}. */
  boolean stage(SequenceCall call) {
    return inbox.offer(call);
  }

  /** Makes the link look at its queue; from any thread. */
  void wake() {
    try {
      loop.execute(drain);
    } catch (RejectedExecutionException e) {
      // The client is closed, and its loops with it: nobody else will ever take these calls.
      bounceInbox(new RatchetException(ErrorCode.UNAVAILABLE, "the client is closed"));
    }
  }

  /** Gives up the link: calls in flight fail as unknown, queued ones as never sent. */
  void close(String why) {
    try {
      loop.execute(() -> shut(why));
    } catch (RejectedExecutionException e) {
      bounceInbox(new RatchetException(ErrorCode.UNAVAILABLE, why));
    }
  }

  private void shut(String why) {
    closed = true;
    connectFailure = new RatchetException(ErrorCode.UNAVAILABLE, why);
    RpcConnection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
    List<Batch> lost = new ArrayList<>(inFlight);
    inFlight.clear();
    RatchetException cause = new RatchetException(ErrorCode.CONNECTION_LOST, why);
    lost.forEach(batch -> failAll(batch, cause));
    drain();
  }

  private void drain() {
    SequenceCall call = inbox.takeAll();
    while (call != null) {
      SequenceCall after = CallInbox.detach(call);
      if (staged.isEmpty() || call.deadlineNanos - stagedDeadline < 0) {
        stagedDeadline = call.deadlineNanos;
      }
      staged.add(call);
      call = after;
    }
    pump();
  }

  private void pump() {
    if (staged.isEmpty()) {
      return;
    }
    if (closed || isDown()) {
      bounceStaged();
      return;
    }
    startSweeping();
    RpcConnection open = connection;
    if (open == null || !open.isOpen()) {
      connect();
      return;
    }
    while (inFlight.size() < MAX_BATCHES_IN_FLIGHT && !staged.isEmpty()) {
      send(open);
    }
  }

  private void connect() {
    if (connecting) {
      return;
    }
    connecting = true;
    connection = null;
    RpcConnection.connect(loop, address, around.routeVersion, around.newerRoutes)
        .whenComplete(this::connected);
  }

  private void connected(@Nullable RpcConnection open, @Nullable Throwable failure) {
    connecting = false;
    if (open != null && closed) {
      open.close();
    } else if (open != null) {
      connection = open;
      around.metrics.connected();
      open.onClose(around.metrics::disconnected);
    } else if (failure != null && !closed) {
      connectFailure = RatchetException.of(failure);
      downUntil = around.clock.nanos() + CONNECT_GAP_NANOS;
    }
    pump();
  }

  private void send(RpcConnection open) {
    long now = around.clock.nanos();
    long longest = 0;
    int bytes = 0;
    List<SequenceCall> together = new ArrayList<>();
    while (together.size() < Limits.MAX_BATCH && bytes < MAX_BATCH_BYTES) {
      SequenceCall call = staged.poll();
      if (call == null) {
        break;
      }
      if (now - call.deadlineNanos >= 0) {
        around.outcome.outOfTime(call, false);
        continue;
      }
      bytes += format.bytes(call);
      longest = Math.max(longest, call.deadlineNanos - now);
      together.add(call);
    }
    if (together.isEmpty()) {
      return;
    }
    if (inFlight.isEmpty()) {
      silentSince = now;
    }
    Batch batch = new Batch(together);
    inFlight.add(batch);
    around.metrics.sent(batch.size());
    long left = TimeUnit.NANOSECONDS.toMillis(longest);
    int wait = (int) Math.max(1, Math.min(left, mostWaitMillis));
    format
        .send(open, batch, wait, wait + CONNECTION_SLACK_MILLIS)
        .whenComplete((results, failure) -> received(batch, results, failure));
  }

  private void received(Batch batch, @Nullable IssueResults results, @Nullable Throwable failure) {
    if (failure == null) {
      silentSince = around.clock.nanos();
    }
    if (!inFlight.remove(batch)) {
      return; // given up by shut(), which has failed its calls
    }
    if (results != null && results.size() == batch.size()) {
      results.routes().forEach(around.outcome::routes);
      for (int i = 0; i < batch.size(); i++) {
        SequenceCall call = batch.take(i);
        if (call != null) {
          settle(call, results, i);
        }
      }
    } else if (failure != null) {
      failAll(batch, RatchetException.of(failure));
    } else {
      failAll(
          batch,
          new RatchetException(
              ErrorCode.INTERNAL, address + " answered another number of keys than was asked"));
    }
    pump();
  }

  private void settle(SequenceCall call, IssueResults results, int index) {
    IssueResult failure = results.failure(index);
    if (failure == null) {
      around.outcome.answered(
          call, results.value(index), results.epoch(index), results.upperBound(index));
    } else {
      around.outcome.attemptFailed(
          call, new RatchetException(ErrorCode.of(failure.error()), failure.message()));
    }
  }

  private void failAll(Batch batch, RatchetException cause) {
    for (int i = 0; i < batch.size(); i++) {
      SequenceCall call = batch.take(i);
      if (call != null) {
        around.outcome.attemptFailed(call, cause);
      }
    }
  }

  private void bounceStaged() {
    RatchetException known = connectFailure;
    RatchetException cause =
        known != null
            ? known
            : new RatchetException(ErrorCode.UNAVAILABLE, "can't connect to " + address);
    List<SequenceCall> back = new ArrayList<>(staged);
    staged.clear();
    back.forEach(call -> around.outcome.attemptFailed(call, cause));
  }

  private void bounceInbox(RatchetException cause) {
    SequenceCall call = inbox.takeAll();
    while (call != null) {
      SequenceCall after = CallInbox.detach(call);
      around.outcome.attemptFailed(call, cause);
      call = after;
    }
  }

  private void startSweeping() {
    if (!sweeping) {
      sweeping = true;
      loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweeping = false;
    long now = around.clock.nanos();
    for (Batch batch : inFlight) {
      batch.expire(now, call -> around.outcome.outOfTime(call, true));
    }
    if (!staged.isEmpty() && now - stagedDeadline >= 0) {
      expireStaged(now);
    }
    RpcConnection open = connection;
    if (open != null && !inFlight.isEmpty()) {
      watch(open, now);
    }
    if (!staged.isEmpty() || !inFlight.isEmpty()) {
      startSweeping();
    }
  }

  /**
   * Tells a slow answer from a dead connection: in silence the other side is asked who it is, which
   * it answers at once whatever its calls wait for. Only if that is not answered either is the
   * connection given up, which fails what is on it. The time after the probe is counted in sweeps
   * too: where this process itself stood still, answers may lie unread.
   */
  private void watch(RpcConnection open, long now) {
    long silent = now - silentSince;
    long stallMillis = TimeUnit.NANOSECONDS.toMillis(around.stallNanos);
    if (!probing && silent >= around.stallNanos / 2) {
      probing = true;
      sweepsOfProbe = 0;
      open.call(Calls.HELLO, new Hello("ratchet-client"), 2 * stallMillis)
          .whenComplete(this::probed);
    } else if (probing) {
      sweepsOfProbe++;
      if (silent >= around.stallNanos && sweepsOfProbe * SWEEP_MILLIS >= stallMillis / 2) {
        open.close();
      }
    }
  }

  private void probed(@Nullable HelloReply alive, @Nullable Throwable failure) {
    probing = false;
    if (alive != null) {
      silentSince = around.clock.nanos();
    }
  }

  private void expireStaged(long now) {
    List<SequenceCall> kept = new ArrayList<>(staged.size());
    for (SequenceCall call : staged) {
      if (now - call.deadlineNanos >= 0) {
        around.outcome.outOfTime(call, false);
      } else {
        if (kept.isEmpty() || call.deadlineNanos - stagedDeadline < 0) {
          stagedDeadline = call.deadlineNanos;
        }
        kept.add(call);
      }
    }
    staged.clear();
    staged.addAll(kept);
  }
}
