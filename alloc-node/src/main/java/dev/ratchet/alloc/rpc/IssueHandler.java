package dev.ratchet.alloc.rpc;

import dev.ratchet.alloc.barrier.Barrier;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.Raiser;
import dev.ratchet.alloc.window.WaitingCall;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResults;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link dev.ratchet.proto.rpc.Calls#ISSUE}: checks the lease after the request has arrived,
 * takes the numbers, and leaves the second check of the lease to {@link IssueBatch}. Thread-safe.
 */
public final class IssueHandler implements RpcHandler<IssueRequest, IssueReply> {
  /** Route changes that ride on one answer; a caller further behind asks for them. */
  private static final int MAX_RIDING_RUNS = 1_024;

  private static final IssueResults NONE = new IssueResults(0);

  private final Supplier<@Nullable Tenure> tenures;
  private final RouteTable routes;
  private final Raiser raiser;
  private final WaitingRoom waitingRoom;
  private final Barrier barrier;
  private final MonotonicClock clock;
  private final int maxWaitMillis;
  private final LongAdder numbers = new LongAdder();
  private final LongAdder waited = new LongAdder();

  /** {@code maxWaitMillis}: longest time that a call waits for a raise. */
  public IssueHandler(
      Supplier<@Nullable Tenure> tenures,
      RouteTable routes,
      Raiser raiser,
      WaitingRoom waitingRoom,
      Barrier barrier,
      MonotonicClock clock,
      int maxWaitMillis) {
    this.tenures = tenures;
    this.routes = routes;
    this.raiser = raiser;
    this.waitingRoom = waitingRoom;
    this.barrier = barrier;
    this.clock = clock;
    this.maxWaitMillis = maxWaitMillis;
  }

  /** Numbers taken so far. */
  public long numbers() {
    return numbers.sum();
  }

  /** Numbers were taken past this handler. */
  public void issued(long count) {
    numbers.add(count);
  }

  /** Calls that had to wait for a raise so far. */
  public long waited() {
    return waited.sum();
  }

  @Override
  public void handle(IssueRequest request, RpcContext<IssueReply> context) {
    issue(request, context);
  }

  /** Serves a call; a {@link RatchetException} thrown is its answer. */
  public void issue(IssueRequest request, Answer<IssueReply> answer) {
    Tenure tenure = tenures.get();
    if (tenure == null || !tenure.lease().isValid(clock.nanos())) {
      throw new RatchetException(
          ErrorCode.LEASE_LOST, "the node holds no valid lease just now, so it may not issue");
    }
    if (request.items().size() > Limits.MAX_BATCH) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT,
          "the batch has " + request.items().size() + " keys; the limit is " + Limits.MAX_BATCH);
    }
    goOn(tenure, request, NONE, answer);
  }

  /**
   * Goes on with a request that came while the lease was valid.
   *
   * @param taken the answers of its first items, whose numbers were taken and told by {@link
   *     #issued}
   */
  void goOn(Tenure tenure, IssueRequest request, IssueResults taken, Answer<IssueReply> answer) {
    List<IssueItem> items = request.items();
    int wait = request.timeoutMillis() <= 0 ? maxWaitMillis : request.timeoutMillis();
    long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(Math.min(wait, maxWaitMillis));
    IssueBatch batch =
        new IssueBatch(tenure, answer, clock, this::newerRoutes, barrier, deadline, items.size());
    for (int i = 0; i < taken.size(); i++) {
      batch.taken(i, taken.value(i), taken.epoch(i));
    }
    for (int i = taken.size(); i < items.size(); i++) {
      serve(batch, i, items.get(i), deadline);
    }
    batch.arrived();
  }

  private void serve(IssueBatch batch, int index, IssueItem item, long deadline) {
    Namespace namespace = routes.namespace(item.namespaceId());
    if (namespace == null) {
      batch.refuse(
          index,
          ErrorCode.NOT_OWNER,
          "this node has not heard of namespace " + item.namespaceId() + " yet");
    } else if (!namespace.contains(item.key())) {
      batch.refuse(
          index,
          ErrorCode.INVALID_KEY,
          "user id " + item.key() + " is outside 0 to " + namespace.maxUid());
    } else if (item.count() < 0 || item.count() > Limits.MAX_COUNT) {
      batch.refuse(
          index, ErrorCode.INVALID_COUNT, "a call takes 1 to " + Limits.MAX_COUNT + " numbers");
    } else {
      serve(batch, index, item, namespace, deadline);
    }
  }

  private void serve(
      IssueBatch batch, int index, IssueItem item, Namespace namespace, long deadline) {
    int number = namespace.sectionOf(item.key());
    Section section = batch.tenure().sections().get(namespace.id(), number);
    if (section == null || section.epoch() != item.epoch()) {
      String state =
          section == null ? "is not served here" : "has epoch " + section.epoch() + " here";
      batch.refuse(
          index,
          ErrorCode.NOT_OWNER,
          "section " + number + " of " + namespace.name() + " " + state);
    } else if (!section.isOpen()) {
      // Not even its last number is told: the next owner may be past it at any time.
      refuseStopped(batch, index, section);
    } else if (item.count() == 0) {
      Section.Current current = section.current(item.key());
      batch.answer(index, current.last(), section, !current.isExact());
    } else {
      take(batch, index, item, section, deadline);
    }
  }

  private void take(IssueBatch batch, int index, IssueItem item, Section section, long deadline) {
    long first =
        waitingRoom.isWaiting(section)
            ? Section.ABOVE_CEILING
            : section.take(item.key(), item.count());
    if (first > 0) {
      taken(batch, index, first, item.count(), section);
    } else if (first == Section.ABOVE_CEILING) {
      await(batch, index, item, section, deadline);
    } else if (first == Section.STOPPED) {
      refuseStopped(batch, index, section);
    } else {
      batch.refuse(
          index,
          ErrorCode.OVERLOADED,
          "the node has no counter memory left for another key; add nodes or memory");
    }
  }

  private static void refuseStopped(IssueBatch batch, int index, Section section) {
    batch.refuse(index, ErrorCode.NOT_OWNER, section + " is being given back");
  }

  private void taken(IssueBatch batch, int index, long first, int count, Section section) {
    numbers.add(count);
    raiser.wantIfLow(batch.tenure(), section, first + count - 1);
    batch.answer(index, first, section, false);
  }

  private void await(IssueBatch batch, int index, IssueItem item, Section section, long deadline) {
    WaitingCall.Answer answer =
        new WaitingCall.Answer() {
          @Override
          public void taken(long first) {
            IssueHandler.this.taken(batch, index, first, item.count(), section);
          }

          @Override
          public void refused(ErrorCode code, String message) {
            batch.refuse(index, code, message);
          }
        };
    waited.increment();
    switch (waitingRoom.enter(
        section, new WaitingCall(item.key(), item.count(), deadline, answer))) {
      case WAITS -> raiser.want(batch.tenure(), section, section.last(item.key()) + item.count());
      case SERVED -> {}
      case FULL ->
          batch.refuse(
              index, ErrorCode.OVERLOADED, "too many calls already wait for ceilings to be raised");
    }
  }

  private List<RouteDelta> newerRoutes(long version) {
    if (version <= 0 || version >= routes.version()) {
      return List.of();
    }
    RouteDelta delta = routes.since(version);
    return delta.runs().size() <= MAX_RIDING_RUNS ? List.of(delta) : List.of();
  }
}
