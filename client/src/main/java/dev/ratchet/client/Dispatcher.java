package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves each call along: admitted, routed, sent, and then answered, tried again or failed.
 *
 * <p>Invariants: a call that is admitted is done exactly once, and then leaves {@code outstanding};
 * a number is let through only under an epoch that is not below the floor of its section.
 * Thread-safe: a call is only touched by who holds it, see {@link SequenceCall}.
 */
final class Dispatcher implements Link.Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final RouteTable table;
  private final EpochFloor floor;
  private final MonotonicClock clock;
  private final ClientMetrics metrics;
  private final int maxOutstanding;
  private final AtomicInteger outstanding;
  private final WaitingRoom room;
  private final RouteFeed feed;
  private final Destination destination;
  private volatile boolean closed;

  /** Makes what needs the dispatcher itself. */
  interface Parts {
    RouteFeed feed(Runnable refreshed);

    Destination destination(Link.Outcome outcome);
  }

  Dispatcher(
      RouteTable table,
      EpochFloor floor,
      MonotonicClock clock,
      ClientMetrics metrics,
      AtomicInteger outstanding,
      int maxOutstanding,
      ScheduledExecutorService loop,
      Parts parts) {
    this.table = table;
    this.floor = floor;
    this.clock = clock;
    this.metrics = metrics;
    this.outstanding = outstanding;
    this.maxOutstanding = maxOutstanding;
    this.room = new WaitingRoom(loop, clock, this::isReady, this::route);
    this.feed = parts.feed(room::recheck);
    this.destination = parts.destination(this);
  }

  /** Begins to follow the routes. */
  void start() {
    table.onChange(
        () -> {
          destination.routesChanged();
          room.recheck();
        });
    feed.start();
  }

  /** Fails every call that is under way, and those to come. */
  void close() {
    closed = true;
    feed.close();
    room.close();
    destination.close();
  }

  RouteFeed feed() {
    return feed;
  }

  /** Puts a call under way. */
  void submit(SequenceCall call, long deadlineNanos) {
    Link link = begin(call, deadlineNanos);
    if (link != null) {
      link.offer(call);
    }
  }

  /** Puts calls under way, those to one owner together. */
  void submitAll(List<? extends SequenceCall> calls, long deadlineNanos) {
    Set<Link> woken = new LinkedHashSet<>();
    for (SequenceCall call : calls) {
      Link link = begin(call, deadlineNanos);
      if (link != null && link.stage(call)) {
        woken.add(link);
      }
    }
    woken.forEach(Link::wake);
  }

  private @Nullable Link begin(SequenceCall call, long deadlineNanos) {
    call.startNanos = clock.nanos();
    call.deadlineNanos = deadlineNanos;
    if (outstanding.incrementAndGet() > maxOutstanding) {
      finish(
          call,
          new RatchetException(
              ErrorCode.OVERLOADED,
              maxOutstanding
                  + " calls are already outstanding in this process; send fewer at once"));
      return null;
    }
    if (call.count() < 0 || call.count() > Limits.MAX_COUNT) {
      finish(call, invalidCount(call.count()));
      return null;
    }
    return choose(call);
  }

  /** The error of a count out of range. */
  static RatchetException invalidCount(int count) {
    return new RatchetException(
        ErrorCode.INVALID_COUNT,
        "a call takes 1 to " + Limits.MAX_COUNT + " numbers; this one asks for " + count);
  }

  private void route(SequenceCall call) {
    Link link = choose(call);
    if (link != null) {
      link.offer(call);
    }
  }

  /** The link for the next attempt; null when the call waits or is done. */
  private @Nullable Link choose(SequenceCall call) {
    if (closed) {
      RatchetException cause = new RatchetException(ErrorCode.UNAVAILABLE, "the client is closed");
      finish(call, RetryPolicy.refused(call, cause));
      return null;
    }
    if (clock.nanos() - call.deadlineNanos >= 0) {
      if (call.refreshTicket != 0) {
        call.lastCause = noRoutes();
      }
      outOfTime(call, false);
      return null;
    }
    Namespace namespace = table.namespace(call.namespace());
    if (namespace == null) {
      refreshFor(call);
      return null;
    }
    call.refreshTicket = 0;
    try {
      call.keyNumber = namespace.keyOf(call.key());
    } catch (RatchetException invalid) {
      finish(call, RetryPolicy.refused(call, invalid));
      return null;
    }
    call.namespaceId = namespace.id();
    call.section = namespace.sectionOf(call.keyNumber);
    Link link = destination.linkFor(call, namespace);
    if (link == null) {
      awaitOwner(call);
    } else {
      call.triedAddress = link.address();
    }
    return link;
  }

  private void refreshFor(SequenceCall call) {
    boolean possible = Namespace.isValidName(call.namespace());
    if (!possible || (call.refreshTicket != 0 && feed.isDone(call.refreshTicket))) {
      RatchetException cause =
          new RatchetException(
              ErrorCode.UNKNOWN_NAMESPACE,
              "there is no namespace '"
                  + call.namespace()
                  + "'; create it with: ./ratchet namespace create "
                  + (possible ? call.namespace() : "NAME"));
      finish(call, RetryPolicy.refused(call, cause));
      return;
    }
    if (call.refreshTicket == 0) {
      call.refreshTicket = feed.requestRefresh();
    }
    call.wakeAtNanos = call.deadlineNanos;
    room.add(call);
  }

  private RatchetException noRoutes() {
    return new RatchetException(
        ErrorCode.UNAVAILABLE,
        "no server could be asked for the routes: " + feed.lastFailure().getMessage());
  }

  private void awaitOwner(SequenceCall call) {
    String section = "section " + call.section + " of namespace '" + call.namespace() + "'";
    Route route = table.route(call.namespaceId, call.section);
    String why =
        route != null && route.owner() != null
            ? "the routes of "
                + section
                + " are older than its epoch "
                + floor.of(call.namespaceId, call.section)
                + ", which was seen; newer ones are on their way if a server can be reached"
            : "no allocation node serves "
                + section
                + " at the moment; it is granted to one within the failover time, if one is alive";
    call.lastCause = new RatchetException(ErrorCode.UNAVAILABLE, why);
    call.wakeAtNanos = call.deadlineNanos;
    room.add(call);
  }

  private boolean isReady(SequenceCall call) {
    if (call.refreshTicket != 0) {
      return feed.isDone(call.refreshTicket) || table.namespace(call.namespace()) != null;
    }
    return destination.isBetterNow(call);
  }

  @Override
  public void answered(SequenceCall call, long value, long epoch, boolean upperBound) {
    Namespace namespace = table.namespace(call.namespaceId);
    if (namespace != null && !floor.accept(namespace, call.section, epoch)) {
      metrics.droppedStale();
      attemptFailed(call, staleAnswer(call, epoch));
      return;
    }
    call.succeed(value, epoch, upperBound);
    outstanding.decrementAndGet();
    metrics.answered(clock.nanos() - call.startNanos);
    tell(call);
  }

  /** A caller that fails on its answer must not keep others from theirs. */
  private static void tell(SequenceCall call) {
    try {
      call.done();
    } catch (RuntimeException e) {
      LOG.error("a call for numbers failed on its answer", e);
    }
  }

  private RatchetException staleAnswer(SequenceCall call, long epoch) {
    return new RatchetException(
        ErrorCode.UNKNOWN_OUTCOME,
        call.triedAddress
            + " answered under epoch "
            + epoch
            + " of section "
            + call.section
            + ", after epoch "
            + floor.of(call.namespaceId, call.section)
            + " was seen; the answer was dropped");
  }

  @Override
  public void attemptFailed(SequenceCall call, RatchetException cause) {
    RetryPolicy.note(call, cause);
    if (closed || !cause.code().isRetryable()) {
      finish(call, RetryPolicy.refused(call, cause));
      return;
    }
    metrics.retried();
    feed.doubt();
    if (destination.isBetterNow(call)) {
      route(call);
      return;
    }
    long wake =
        clock.nanos() + RetryPolicy.backoffNanos(call.failuresInEpoch, ThreadLocalRandom.current());
    call.wakeAtNanos = wake - call.deadlineNanos < 0 ? wake : call.deadlineNanos;
    room.add(call);
  }

  @Override
  public void outOfTime(SequenceCall call, boolean awaited) {
    finish(call, RetryPolicy.outOfTime(call, awaited));
  }

  @Override
  public void routes(RouteDelta delta) {
    feed.take(delta);
  }

  private void finish(SequenceCall call, RatchetException error) {
    outstanding.decrementAndGet();
    metrics.failed(error.code());
    call.fail(error);
    tell(call);
  }
}
