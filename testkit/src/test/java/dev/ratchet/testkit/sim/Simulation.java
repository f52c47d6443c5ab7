package dev.ratchet.testkit.sim;

import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of a simulated cluster: a seed gives exactly one. Used by one thread, once. */
final class Simulation implements World {
  private static final int STORES = 3;

  /** Within this time after the last fault, every section must be served. */
  static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final long seed;
  private final Settings settings;
  private final SimScheduler scheduler;
  private final SimNetwork network;
  private final SimRaft raft;
  private final List<SimStore> stores = new ArrayList<>();
  private final List<SimAlloc> allocs = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final Checker checker;
  private final Sabotage sabotage;
  private final FaultPlan faults;
  private int processes;

  /**
   * What a run came to.
   *
   * @param violation what was broken, or null
   * @param nanos virtual time
   * @param hash of all events: the same for the same seed
   * @param trace the last things that happened, if it was traced
   */
  record Outcome(
      long seed,
      @Nullable Throwable violation,
      long nanos,
      long events,
      long hash,
      long numbers,
      long calls,
      long currents,
      long takeovers,
      long handovers,
      long skipped,
      long failed,
      long dropped,
      int elections,
      int carriedOver,
      int lost,
      Map<Fault, Integer> faults,
      List<String> trace) {

    @Override
    public String toString() {
      return String.format(
          "seed %d: %.1f s, %d events, %d calls, %d numbers (%d skipped), %d current, %d takeovers,"
              + " %d handovers, %d elections (%d entries carried over, %d lost), %d calls failed, %d"
              + " answers dropped, faults %s",
          seed,
          nanos / 1e9,
          events,
          calls,
          numbers,
          skipped,
          currents,
          takeovers,
          handovers,
          elections,
          carriedOver,
          lost,
          failed,
          dropped,
          faults);
    }
  }

  Simulation(long seed, Settings settings, Mutation mutation, boolean tracing) {
    this.seed = seed;
    this.settings = settings;
    scheduler = new SimScheduler(seed, tracing);
    sabotage = new Sabotage(mutation);
    network = new SimNetwork(scheduler, STORES + settings.allocNodes() + 1 + settings.clients());
    SplittableRandom clocks = scheduler.random("clocks");
    for (int i = 0; i < STORES; i++) {
      stores.add(new SimStore(this, process("store-" + i, i, clocks)));
    }
    raft = new SimRaft(scheduler, network, stores);
    for (int i = 0; i <= settings.allocNodes(); i++) {
      boolean isTwin = i == settings.allocNodes();
      SimProcess process = process(isTwin ? "twin" : "alloc-" + i, i, clocks);
      if (mutation == Mutation.CLOCK_BLIND_TO_SLEEP) {
        process.beBlindToSleep();
      }
      allocs.add(new SimAlloc(this, process, isTwin ? "alloc-0" : "alloc-" + i, i + 1));
    }
    for (int i = 0; i < settings.clients(); i++) {
      clients.add(new SimClient(this, process("client-" + i, i, clocks)));
    }
    boolean clocksAreLegal = settings.slowClock() == 0 || mutation == Mutation.SLOW_CLOCK;
    checker = new Checker(this, clocksAreLegal);
    faults = new FaultPlan(this, clients);
  }

  private SimProcess process(String name, int number, SplittableRandom clocks) {
    // The extremes are the interesting rates.
    double lean = clocks.nextInt(3) == 0 ? clocks.nextDouble() * 2 - 1 : clocks.nextInt(3) - 1;
    double rate = 1 + lean * settings.clockSpread();
    if (settings.slowClock() > 0 && name.equals("alloc-0")) {
      rate = settings.slowClock();
    }
    // Some clocks are about to overflow, as they may.
    long start =
        clocks.nextInt(4) == 0
            ? Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(20)
            : clocks.nextLong(1L << 50);
    return new SimProcess(scheduler, processes++, name, zone(number % 3), rate, start);
  }

  static String zone(int number) {
    return "zone-" + (number + 1);
  }

  /** The processes of all store and allocation nodes. */
  static List<SimProcess> servers(World world) {
    List<SimProcess> servers = new ArrayList<>();
    world.stores().forEach(store -> servers.add(store.process()));
    world.allocs().forEach(alloc -> servers.add(alloc.process()));
    return servers;
  }

  @Override
  public Settings settings() {
    return settings;
  }

  @Override
  public SimScheduler scheduler() {
    return scheduler;
  }

  @Override
  public SimNetwork network() {
    return network;
  }

  @Override
  public SimRaft raft() {
    return raft;
  }

  @Override
  public List<SimStore> stores() {
    return stores;
  }

  @Override
  public List<SimAlloc> allocs() {
    return allocs;
  }

  @Override
  public Checker checker() {
    return checker;
  }

  @Override
  public Sabotage sabotage() {
    return sabotage;
  }

  /** Runs it to its end, or to the first violation. */
  Outcome run() {
    Throwable violation = null;
    try {
      start();
      scheduler.runUntil(WARM_UP_NANOS);
      faults.start();
      scheduler.runUntil(WARM_UP_NANOS + settings.faultNanos());
      faults.end();
      scheduler.runUntil(WARM_UP_NANOS + settings.faultNanos() + SETTLE_NANOS);
      if (checker.clocksAreLegal()) {
        everySectionIsServed();
        everySectionAnswers();
        nothingIsLostByGrace();
      }
    } catch (Violation broken) {
      violation = broken;
    } catch (RuntimeException | AssertionError bug) {
      violation = bug;
    }
    return outcome(violation);
  }

  private Outcome outcome(@Nullable Throwable violation) {
    return new Outcome(
        seed,
        violation,
        scheduler.now(),
        scheduler.executed(),
        scheduler.hash(),
        checker.numbers(),
        checker.calls(),
        checker.currents(),
        checker.takeovers(),
        checker.handovers(),
        checker.skipped(),
        clients.stream().mapToLong(SimClient::failed).sum(),
        clients.stream().mapToLong(SimClient::dropped).sum(),
        raft.elections(),
        raft.carriedOver(),
        raft.lost(),
        new EnumMap<>(faults.counts().isEmpty() ? new EnumMap<>(Fault.class) : faults.counts()),
        scheduler.notes());
  }

  private void start() {
    stores.forEach(SimStore::start);
    raft.start();
    for (int i = 0; i < settings.allocNodes(); i++) {
      SimAlloc alloc = allocs.get(i);
      scheduler.after(i * 3_000_000L % 400_000_000L, "start", alloc::start);
    }
    scheduler.after(TimeUnit.MILLISECONDS.toNanos(400), "namespaces", () -> create(0));
    clients.forEach(SimClient::start);
  }

  /** Creates the namespaces one after another, as soon as somebody leads. */
  private void create(int done) {
    if (done == settings.namespaces().size()) {
      return;
    }
    SimStore leader = raft.leader();
    if (leader == null || !leader.believesToLead()) {
      scheduler.after(TimeUnit.MILLISECONDS.toNanos(20), "namespaces", () -> create(done));
      return;
    }
    leader
        .door()
        .commands()
        .createNamespace(settings.namespaces().get(done))
        .whenComplete(
            (reply, failure) ->
                scheduler.after(
                    1_000_000, "namespaces", () -> create(failure == null ? done + 1 : done)));
  }

  /** Without a crash, no number is skipped and no call fails. */
  private void nothingIsLostByGrace() {
    long failed = clients.stream().mapToLong(SimClient::failed).sum();
    boolean lost = checker.skipped() > 0 || failed > 0;
    if (lost && settings.isGraceful()) {
      throw new Violation(
          Violation.Rule.GAPS,
          "without any crash, "
              + checker.skipped()
              + " numbers were skipped and "
              + failed
              + " calls failed: "
              + checker.keysWithGaps());
    }
  }

  private void everySectionIsServed() {
    SimStore leader = raft.leader();
    RouteTable routes = leader == null ? null : leader.routes();
    if (routes == null) {
      throw new Violation(Violation.Rule.LIVENESS, "the store has no leader");
    }
    for (Namespace namespace : namespaces(routes)) {
      for (int section = 0; section < namespace.sectionCount(); section++) {
        Route route = routes.route(namespace.id(), section);
        Section served =
            route == null || route.owner() == null
                ? null
                : allocs.get(route.owner().port() - 1).served(namespace.id(), section);
        if (served == null || route == null || served.epoch() != route.epoch()) {
          throw new Violation(
              Violation.Rule.LIVENESS,
              "section "
                  + section
                  + " of "
                  + namespace.name()
                  + " is not served: "
                  + route
                  + describe(route, namespace, section));
        }
      }
    }
  }

  private String describe(@Nullable Route route, Namespace namespace, int section) {
    return route == null || route.owner() == null
        ? ""
        : "; " + allocs.get(route.owner().port() - 1).describe(namespace.id(), section);
  }

  private static List<Namespace> namespaces(RouteTable routes) {
    List<Namespace> all = new ArrayList<>(routes.namespaces());
    all.sort(java.util.Comparator.comparingInt(Namespace::id));
    return all;
  }

  /** A new client gets a number from some sections of each namespace. */
  private void everySectionAnswers() {
    RouteTable routes = stores.get(0).routes();
    SimClient prober = clients.get(0);
    clients.forEach(SimClient::stopCalling);
    long[] open = {0};
    for (Namespace namespace : namespaces(java.util.Objects.requireNonNull(routes))) {
      int each = Math.max(1, namespace.sectionCount() / 100);
      for (int section = 0; section < namespace.sectionCount(); section += each) {
        open[0]++;
        prober.probe(namespace, section, () -> open[0]--);
      }
    }
    long failed = prober.failed();
    scheduler.runUntil(scheduler.now() + TimeUnit.SECONDS.toNanos(2));
    if (open[0] > 0 || prober.failed() > failed) {
      throw new Violation(
          Violation.Rule.LIVENESS,
          open[0] + " calls are not answered, " + (prober.failed() - failed) + " failed");
    }
  }
}
