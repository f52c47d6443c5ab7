package dev.ratchet.store.lead;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.placement.LeaseWatch;
import dev.ratchet.store.placement.Load;
import dev.ratchet.store.placement.Orders;
import dev.ratchet.store.placement.Placement;
import dev.ratchet.store.placement.Plan;
import dev.ratchet.store.raft.Leadership;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.RestoreRecord;
import dev.ratchet.store.state.Result;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader does of its own accord: ends leases that nobody renewed, and gives sections that
 * nobody has to somebody. On a thread of its own, every {@link #TICK_MILLIS} and at each change.
 *
 * <p>Invariants: nothing is proposed but in the term that it was decided in; a plan is made only
 * when the grants of the one before are decided; a change of leader makes no lease's wait shorter,
 * and leaves its holder the time to renew; nothing is granted within that wait after a restore,
 * since nodes of the life before it may serve on, and no lease here tells of them.
 */
public final class LeaderDuties implements Leadership, AppliedListener, AutoCloseable {
  static final long TICK_MILLIS = 50;

  /**
   * So many times as long as a plan without grants took, none is made after it: where thousands of
   * sections change hands, each change wakes the duties, and those who serve need the processors
   * too.
   */
  static final int REST = 4;

  /** Expires in flight at a time; the others follow when these are decided. */
  static final int MAX_EXPIRES = 256;

  private static final Logger LOG = LoggerFactory.getLogger(LeaderDuties.class);

  private final RouteTable routes;
  private final LeaseWatch leases;
  private final Placement placement;
  private final MonotonicClock clock;
  private final ScheduledExecutorService thread;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicInteger grantsInFlight = new AtomicInteger();
  private final AtomicInteger expiresInFlight = new AtomicInteger();
  private final Map<Integer, Load> loads = new ConcurrentHashMap<>();

  /** Outcomes of grants that the next plan must know. */
  private final Queue<Result.Granted> decided = new ConcurrentLinkedQueue<>();

  private volatile Supplier<List<Lease>> living = List::of;
  private volatile Supplier<Orders> source = () -> Orders.NONE;
  private volatile Supplier<RestoreRecord> lastRestore = () -> RestoreRecord.NONE;
  private final AtomicBoolean restored = new AtomicBoolean();
  private volatile Orders orders = Orders.NONE;
  private volatile Look look = new Look(0, Orders.NONE, 1);
  private volatile long term;
  private volatile Plan plan = Plan.NONE;

  // Touched by the duties' thread only.
  private long plannedTerm;
  private long restUntil;

  /** What the last plan was made from, and how many sections were still to change hands then. */
  private record Look(long routeVersion, Orders orders, int left) {}

  /** {@code thread}: one thread, whose life ends with {@link #close}. */
  public LeaderDuties(
      RouteTable routes,
      LeaseWatch leases,
      int placementSettleMillis,
      int movesPerSecond,
      MonotonicClock clock,
      ScheduledExecutorService thread) {
    this.routes = routes;
    this.leases = leases;
    this.clock = clock;
    this.thread = thread;
    this.placement = new Placement(placementSettleMillis, movesPerSecond, clock.nanos());
  }

  /** A daemon thread for the duties of one store node. */
  public static ScheduledExecutorService newThread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread created = new Thread(task, name);
          created.setDaemon(true);
          return created;
        });
  }

  /** Names where living leases are read; call before the first term can begin. */
  public void readLeasesFrom(Supplier<List<Lease>> source) {
    living = source;
  }

  /** Names where the orders of operators are read; call before the first term can begin. */
  public void readOrdersFrom(Supplier<Orders> standing) {
    source = standing;
  }

  /** Names where the last restore is read; call before the first term can begin. */
  public void readRestoreFrom(Supplier<RestoreRecord> last) {
    lastRestore = last;
  }

  /** A node whose lease was just renewed said how busy it is; kept while this node leads. */
  public void onLoad(int incarnation, Load load) {
    if (term != 0 && load.measurement() > 0) {
      loads.put(incarnation, load);
    }
  }

  /**
   * Sections that are to change hands; 0 only when the newest routes and orders have been looked at
   * and nothing is left to move.
   */
  public int moving() {
    Look last = look;
    boolean newest = last.routeVersion() == routes.version() && last.orders().equals(orders);
    return newest ? last.left() : Math.max(1, last.left());
  }

  /** Begins to propose. */
  public void start(Proposals proposals) {
    thread.scheduleWithFixedDelay(
        () -> tick(proposals), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    routes.onChange(() -> wake(proposals));
  }

  /**
   * Takes sections back, and grants them on in the entry right behind where their receivers are
   * known: they change hands in one step, and nobody waits for a plan.
   */
  public CompletableFuture<Result> release(Proposals proposals, Command.Release release) {
    try {
      // On the duties' thread, since it alone knows the receivers, and the plan that a node's
      // leaving has woken comes before what that node gives back.
      return CompletableFuture.supplyAsync(() -> handOver(proposals, release), thread)
          .thenCompose(outcome -> outcome);
    } catch (RejectedExecutionException e) {
      return proposals.propose(release);
    }
  }

  private CompletableFuture<Result> handOver(Proposals proposals, Command.Release release) {
    long inTerm = term;
    if (inTerm == 0) {
      return proposals.propose(release);
    }
    CompletableFuture<Result> outcome = proposals.propose(release, inTerm);
    if (inTerm != plannedTerm) {
      return outcome;
    }
    try {
      List<SectionRef> given =
          release.items().stream()
              .filter(ReleaseItem::last)
              .map(item -> new SectionRef(item.namespaceId(), item.section()))
              .toList();
      for (Command.Grant grant : placement.handOver(release.incarnation(), given, clock.nanos())) {
        proposals.propose(grant, inTerm).whenComplete((result, failure) -> reportIfAny(failure));
      }
    } catch (RuntimeException e) {
      LOG.error("released sections were not granted at once; the next plan does it", e);
    }
    return outcome;
  }

  /** The sections that an incarnation should release now. */
  public List<SectionRef> wantedReleases(int incarnation) {
    return term == 0 ? List.of() : plan.wantedReleases(incarnation);
  }

  @Override
  public void onLeaderStart(long started, long heardNanos) {
    leases.onLeader(clock.nanos(), heardNanos, living.get());
    orders = source.get();
    loads.clear();
    plan = Plan.NONE;
    term = started;
    LOG.info("this node leads the store in term {}", started);
  }

  @Override
  public void onLeaderStop() {
    if (term != 0) {
      LOG.info("this node leads the store no more; its term was {}", term);
    }
    term = 0;
    plan = Plan.NONE;
  }

  @Override
  public void onApplied(Result result) {
    watch(result);
    if (term == 0) {
      return;
    }
    if (result instanceof Result.Drained
        || result instanceof Result.Pinned
        || result instanceof Result.Unpinned) {
      orders = source.get();
    } else if (result instanceof Result.Restored step && !step.restore().active()) {
      restored.set(true);
    }
  }

  /** Also while another leads: this node may be the next. */
  private void watch(Result result) {
    if (result instanceof Result.Renewed renewed) {
      leases.onRenewed(renewed.lease(), clock.nanos());
    } else if (result instanceof Result.Registered registered) {
      leases.onRenewed(registered.lease(), clock.nanos());
    } else if (result instanceof Result.Expired expired) {
      gone(expired.incarnation());
    } else if (result instanceof Result.Released released && released.left()) {
      gone(released.incarnation());
    }
  }

  private void gone(int incarnation) {
    leases.onGone(incarnation);
    loads.remove(incarnation);
  }

  private void wake(Proposals proposals) {
    if (term != 0 && woken.compareAndSet(false, true) && !thread.isShutdown()) {
      thread.execute(() -> tick(proposals));
    }
  }

  private void tick(Proposals proposals) {
    woken.set(false);
    try {
      long inTerm = term;
      if (inTerm != 0) {
        expire(proposals, inTerm);
        place(proposals, inTerm);
      }
    } catch (RuntimeException e) {
      // The timer would stop for good; the next tick starts from the state as it is then.
      LOG.error("the leader's duties failed; they go on with the next tick", e);
    }
  }

  private void expire(Proposals proposals, long inTerm) {
    if (expiresInFlight.get() > 0) {
      return;
    }
    List<Command.Expire> due = leases.due(clock.nanos());
    for (Command.Expire expire : due.subList(0, Math.min(due.size(), MAX_EXPIRES))) {
      LOG.info(
          "incarnation {} has not renewed its lease (last renewal {}); ending it",
          expire.incarnation(),
          expire.renewal());
      track(proposals.propose(expire, inTerm), expiresInFlight)
          .whenComplete((result, failure) -> forgetIfOver(expire.incarnation(), failure));
    }
  }

  private void place(Proposals proposals, long inTerm) {
    if (grantsInFlight.get() > 0) {
      return;
    }
    long now = clock.nanos();
    if (plannedTerm == inTerm && now - restUntil < 0) {
      return; // the next tick is never far
    }
    if (plannedTerm != inTerm) {
      placement.onLeader(now);
      plannedTerm = inTerm;
      if (nothingGrantedSinceRestore()) {
        restored.set(true);
      }
    }
    if (restored.getAndSet(false)) {
      LOG.info(
          "a restore has ended: nothing is granted until nodes of the former life serve no more");
      placement.holdUntil(now + leases.waitNanos());
    }
    long version = routes.version(); // what comes in meanwhile is looked at the next time
    Orders wanted = orders;
    placement.follow(wanted);
    placement.measured(Map.copyOf(loads));
    for (Result.Granted one = decided.poll(); one != null; one = decided.poll()) {
      placement.decided(one);
    }
    Plan next = placement.plan(routes, now);
    placement.takeNotices().forEach(LOG::warn);
    long planned = clock.nanos();
    restUntil = next.grants().isEmpty() ? planned + REST * (planned - now) : planned;
    look = new Look(version, wanted, placement.left());
    if (term == inTerm) {
      plan = next;
    }
    for (Command.Grant grant : next.grants()) {
      track(proposals.propose(grant, inTerm).thenApply(this::keep), grantsInFlight)
          .whenComplete((result, failure) -> goOn(proposals));
    }
  }

  /** A grant since then means that a leader has waited. */
  private boolean nothingGrantedSinceRestore() {
    RestoreRecord last = lastRestore.get();
    return last.id() != 0
        && routes.since(0).runs().stream().allMatch(run -> run.owner() <= last.owner());
  }

  /** What a grant came to is known before it counts as decided, and so before the next plan. */
  private Result keep(Result result) {
    if (result instanceof Result.Granted granted && !granted.stuck().isEmpty()) {
      decided.add(granted);
    }
    return result;
  }

  /** The change of routes may have woken the duties before the last grant counted as decided. */
  private void goOn(Proposals proposals) {
    if (grantsInFlight.get() == 0) {
      wake(proposals);
    }
  }

  /** What was not heard of while this node did not lead is found so. */
  private void forgetIfOver(int incarnation, @Nullable Throwable failure) {
    if (failure != null && RatchetException.of(failure).code() == ErrorCode.STALE_INCARNATION) {
      leases.onGone(incarnation);
    }
  }

  private static CompletableFuture<Result> track(
      CompletableFuture<Result> proposed, AtomicInteger inFlight) {
    inFlight.incrementAndGet();
    return proposed.whenComplete(
        (result, failure) -> {
          inFlight.decrementAndGet();
          reportIfAny(failure);
        });
  }

  /** Both duties come round again; what is odd is an error that no change of leader explains. */
  private static void reportIfAny(@Nullable Throwable failure) {
    if (failure == null) {
      return;
    }
    RatchetException error = RatchetException.of(failure);
    if (error.code() == ErrorCode.NOT_LEADER
        || error.code() == ErrorCode.UNKNOWN_OUTCOME
        || error.code() == ErrorCode.STALE_INCARNATION) {
      LOG.debug("a command of the leader's duties had no effect: {}", error.getMessage());
    } else {
      LOG.warn("a command of the leader's duties was refused: {}", error.getMessage());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
