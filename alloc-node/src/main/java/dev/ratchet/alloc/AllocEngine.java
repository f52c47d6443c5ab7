package dev.ratchet.alloc;

import dev.ratchet.alloc.barrier.Barrier;
import dev.ratchet.alloc.handover.GrantFeed;
import dev.ratchet.alloc.handover.Releaser;
import dev.ratchet.alloc.handover.RouteFeed;
import dev.ratchet.alloc.lease.LeaseKeeper;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.lease.TestifyingStore;
import dev.ratchet.alloc.lease.Witness;
import dev.ratchet.alloc.rpc.DirectIssue;
import dev.ratchet.alloc.rpc.IssueHandler;
import dev.ratchet.alloc.rpc.QuickIssue;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.LoadMeter;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.store.StoreApi;
import dev.ratchet.alloc.window.Raiser;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that an allocation node decides, without a socket or a thread of its own: time, the store,
 * the threads and the random numbers are given to it. So the same code runs in a node, in tests and
 * in a simulation.
 *
 * <p>Concurrency: {@link #issue} and what is read serve any thread; the rest is confined to the
 * control thread.
 */
public final class AllocEngine {
  private static final Logger LOG = LoggerFactory.getLogger(AllocEngine.class);

  private static final int SWEEP_MILLIS = 10;

  /** Shorter than the store takes from look to look. */
  private static final int MEASURE_MILLIS = 2_000;

  private final StoreApi store;
  private final ScheduledExecutorService control;
  private final MonotonicClock clock;
  private final RouteTable routes = new RouteTable();
  private final CounterMemory memory;
  private final WaitingRoom waitingRoom;
  private final SectionExit exit;
  private final Witness witness = new Witness();
  private final LoadMeter meter;
  private final Raiser raiser;
  private final Barrier barrier;
  private final Releaser releaser;
  private final RouteFeed routeFeed;
  private final LeaseKeeper keeper;
  private final IssueHandler issue;
  private final DirectIssue direct;
  private final QuickIssue quick;

  private @Nullable GrantFeed grants;

  /**
   * What an engine runs on.
   *
   * @param store the store
   * @param control one thread, on which everything about ownership happens
   * @param loops every thread that calls are served on, beside the control thread
   * @param clock time
   * @param newProcess random numbers
   */
  public record Surroundings(
      StoreApi store,
      ScheduledExecutorService control,
      Iterable<? extends Executor> loops,
      MonotonicClock clock,
      LongSupplier newProcess) {}

  /** {@code identity}: this node's registration, given its process number. */
  public AllocEngine(
      AllocConfig config, Surroundings around, LongFunction<RegisterRequest> identity) {
    store = around.store();
    control = around.control();
    clock = around.clock();
    memory = new CounterMemory(config.counterMemoryBytes());
    waitingRoom = new WaitingRoom(config.maxWaitingCalls());
    meter = new LoadMeter(clock.nanos());
    Quiescence quiescence = new Quiescence(around.loops(), control);
    exit = new SectionExit(waitingRoom, quiescence);
    raiser = new Raiser(store::raise, witness, control, waitingRoom, exit, this::lost);
    barrier = new Barrier(store::confirm, control, exit, config.maxWaitingCalls(), this::lost);
    releaser =
        new Releaser(store::release, quiescence, waitingRoom, exit, control, clock, this::lost);
    routeFeed = new RouteFeed(store::routes, routes, control);
    keeper =
        new LeaseKeeper(
            new LoadReports(new TestifyingStore(store, store::witness, witness), meter),
            identity,
            around.newProcess(),
            config.renewMillis(),
            control,
            clock,
            this::begin,
            this::end,
            this::renewed);
    Supplier<@Nullable Tenure> tenures = keeper::current;
    issue =
        new IssueHandler(
            tenures, routes, raiser, waitingRoom, barrier, clock, config.maxWaitMillis());
    direct = new DirectIssue(tenures, raiser, waitingRoom, clock, issue::issued);
    quick = new QuickIssue(tenures, routes, direct, issue, clock);
  }

  /** Begins to follow the store and to seek a lease; from any thread. */
  public void start() {
    control.execute(routeFeed::start);
    every(SWEEP_MILLIS, this::sweep);
    every(MEASURE_MILLIS, this::measure);
    keeper.start();
  }

  /** Also after a failure, which an executor would take for the end of the task. */
  private void every(int millis, Runnable task) {
    control.scheduleAtFixedRate(
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            LOG.error("a periodic task of the control thread failed, and goes on", e);
          }
        },
        millis,
        millis,
        TimeUnit.MILLISECONDS);
  }

  private void measure() {
    Tenure tenure = tenure();
    meter.measure(tenure == null ? List.of() : tenure.sections().all(), clock.nanos());
  }

  private void sweep() {
    long now = clock.nanos();
    waitingRoom.expire(now);
    barrier.expire(now);
  }

  private void begin(Tenure tenure) {
    grants = new GrantFeed(store, tenure, routes, memory, witness, exit, control);
    grants.start();
  }

  private void end(Tenure tenure) {
    exit.leave(tenure, tenure.sections().all(), ErrorCode.LEASE_LOST, "the node's lease is over");
  }

  private void lost(Tenure tenure) {
    keeper.lost(tenure);
  }

  private void renewed(Tenure tenure, RenewReply reply) {
    List<Section> unwanted =
        reply.release().stream()
            .map((SectionRef ref) -> tenure.sections().get(ref.namespaceId(), ref.section()))
            .filter(section -> section != null && section.isOpen())
            .map(Objects::requireNonNull)
            .toList();
    if (!unwanted.isEmpty()) {
      releaser.release(tenure, unwanted, false);
    }
    halt(tenure, reply.halted());
  }

  /** The store knows less than was committed: nobody is served there until an operator says so. */
  private void halt(Tenure tenure, List<SectionEpoch> halted) {
    List<Section> served =
        halted.stream()
            .map((SectionEpoch ref) -> held(tenure, ref))
            .filter(section -> section != null)
            .map(Objects::requireNonNull)
            .toList();
    if (!served.isEmpty()) {
      LOG.error(
          "{} sections are not served any more, {} the first: the store has lost what was committed"
              + " of them. See 'A store that went back in time' in docs/operating.md",
          served.size(),
          served.get(0));
      exit.leave(tenure, served, ErrorCode.UNAVAILABLE, "the store has halted the section");
    }
  }

  private static @Nullable Section held(Tenure tenure, SectionEpoch halted) {
    Section held = tenure.sections().get(halted.namespaceId(), halted.section());
    return held != null && held.epoch() <= halted.epoch() ? held : null;
  }

  /** Serves calls for numbers. */
  public IssueHandler issue() {
    return issue;
  }

  /** Serves those calls for numbers that are plain; the others are for {@link #issue}. */
  public QuickIssue quick() {
    return quick;
  }

  /** Serves callers of this process, on one of the loops. */
  public DirectOwner direct() {
    return direct;
  }

  /** The route table as this node knows it. */
  public RouteTable routes() {
    return routes;
  }

  /** The tenure under way, or null. */
  public @Nullable Tenure tenure() {
    return keeper.current();
  }

  /** Empty while the lease is valid, else why it is not. */
  public String health() {
    return keeper.health();
  }

  /** Seconds until the lease ends, 0 without one. */
  public double leaseLeftSeconds() {
    Tenure tenure = tenure();
    return tenure == null ? 0 : Math.max(0, tenure.lease().leftNanos(clock.nanos()) / 1e9);
  }

  /** Sections held. */
  public int sections() {
    Tenure tenure = tenure();
    return tenure == null ? 0 : tenure.sections().size();
  }

  /** What this engine tells of itself, under the node's name. */
  AllocMetrics metrics(String node) {
    return new AllocMetrics(node, raiser, barrier, waitingRoom, issue, memory);
  }

  /**
   * Gives all sections back with their exact positions, and stops.
   *
   * @return completed on the control thread, where the lease is given up in the same turn
   */
  public CompletableFuture<Void> giveAllBack() {
    return keeper.leave().thenCompose(left -> releaseAll()).thenRun(this::stop);
  }

  private CompletableFuture<Void> releaseAll() {
    Tenure tenure = tenure();
    GrantFeed feed = grants;
    if (tenure == null || feed == null) {
      return CompletableFuture.completedFuture(null);
    }
    // Only once nothing more can be granted, and all that was is here, does a release give back
    // all.
    return feed.catchUp()
        .thenCompose(
            all -> {
              // With the lease given up, others may go on at once: nothing may be served beside
              // them.
              feed.close();
              return releaser.release(tenure, tenure.sections().all(), true);
            });
  }

  /** Stops following the store, and ends the lease under way for this node. */
  public void stop() {
    routeFeed.close();
    keeper.close();
  }
}
