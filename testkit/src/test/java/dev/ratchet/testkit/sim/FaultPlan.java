package dev.ratchet.testkit.sim;

import dev.ratchet.proto.key.Namespace;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes faults happen, each kind at times of its own and with random numbers of its own, until all
 * are ended together.
 */
final class FaultPlan {
  private static final int MAX_NAMESPACES = 6;

  private final World world;
  private final SimScheduler scheduler;
  private final List<SimClient> clients;
  private final Map<Fault, SplittableRandom> randoms = new EnumMap<>(Fault.class);
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private int named;
  private boolean over;

  FaultPlan(World world, List<SimClient> clients) {
    this.world = world;
    this.scheduler = world.scheduler();
    this.clients = clients;
  }

  /** How often each kind happened. */
  Map<Fault, Integer> counts() {
    return counts;
  }

  void start() {
    for (Fault fault : Fault.values()) {
      if (world.settings().faults().contains(fault)) {
        randoms.put(fault, scheduler.random("fault " + fault));
        next(fault);
      }
    }
  }

  private SplittableRandom random(Fault fault) {
    return randoms.computeIfAbsent(fault, kind -> scheduler.random("fault " + kind));
  }

  private void next(Fault fault) {
    double mean = world.settings().meanFaultMillis() * 1e6;
    long delay = (long) (-Math.log(1 - random(fault).nextDouble()) * mean);
    scheduler.after(
        delay,
        "fault",
        () -> {
          if (!over) {
            happen(fault);
            next(fault);
          }
        });
  }

  /** Makes a fault happen now. */
  void happen(Fault fault) {
    counts.merge(fault, 1, Integer::sum);
    scheduler.note(() -> "fault: " + fault);
    SplittableRandom random = random(fault);
    switch (fault) {
      case ALLOC_CRASH -> crashAlloc(someAlloc(random), between(random, 5, 4_000));
      case ALLOC_PAUSE -> someAlloc(random).process().pause(between(random, 20, 5_000), false);
      case ALLOC_SLEEP -> someAlloc(random).process().pause(between(random, 200, 6_000), true);
      case ALLOC_STOP -> stop(someAlloc(random), between(random, 5, 2_000));
      case ROLLING_RESTART -> roll(0);
      case TWIN -> twin(random);
      case LOST_RENEWALS -> loseRenewals(random);
      case LATE_THEN_LOST_RENEWALS -> lateThenLost(random);
      case BROKEN_CONNECTIONS -> {
        loseRenewals(random);
        world.allocs().forEach(SimAlloc::breakConnections);
      }
      case STORE_CRASH -> crashStore(someStore(random), between(random, 5, 3_000));
      case STORE_PAUSE -> someStore(random).process().pause(between(random, 20, 3_000), false);
      case STORE_LAG -> someStore(random).lagUntil(scheduler.now() + between(random, 50, 3_000));
      case ALL_STORES_DOWN -> {
        long millis = between(random, 100, 1_500);
        world.stores().forEach(store -> crashStore(store, millis));
      }
      case LEADER_TRANSFER -> world.raft().transfer();
      case LEADER_CUT_OFF -> cutLeaderOff(random);
      case SLOW_COMMITS -> {
        world.raft().slowCommits(between(random, 5, 900));
        undo(between(random, 100, 4_000), () -> world.raft().slowCommits(0));
      }
      case REFUSED_COMMANDS -> {
        world.raft().refuse(0.2 + 0.8 * random.nextDouble());
        undo(between(random, 100, 3_000), () -> world.raft().refuse(0));
      }
      case LOSS -> {
        world.network().lose(0.3 * random.nextDouble());
        undo(between(random, 100, 4_000), () -> world.network().lose(0));
      }
      case DUPLICATES -> {
        world.network().duplicate(0.5);
        undo(between(random, 500, 4_000), () -> world.network().duplicate(0));
      }
      case OVERTAKING -> {
        world.network().overtake(0.5);
        undo(between(random, 500, 4_000), () -> world.network().overtake(0));
      }
      case SLOW_LINK -> slowLink(random);
      case ONE_WAY_CUT -> oneWayCut(random);
      case ZONE_PARTITION -> cutZone(random.nextInt(3), between(random, 100, 5_000));
      case ZONE_LOSS -> loseZone(random.nextInt(3), between(random, 3_000, 6_000));
      case CLIENT_CUT -> cutClient(random);
      case LATE_ANSWERS -> lateAnswers(random);
      case NEW_NAMESPACE -> create(random);
    }
  }

  private static long between(SplittableRandom random, int leastMillis, int mostMillis) {
    // Short ones are as likely as long ones, whatever the scale.
    double exponent = random.nextDouble();
    double millis = leastMillis * Math.pow((double) mostMillis / leastMillis, exponent);
    return (long) (millis * 1e6);
  }

  private void undo(long nanos, Runnable action) {
    scheduler.after(
        nanos,
        "undo",
        () -> {
          if (!over) {
            action.run();
          }
        });
  }

  private SimAlloc someAlloc(SplittableRandom random) {
    return world.allocs().get(random.nextInt(world.settings().allocNodes()));
  }

  private SimStore someStore(SplittableRandom random) {
    return world.stores().get(random.nextInt(world.stores().size()));
  }

  private void crashAlloc(SimAlloc alloc, long downNanos) {
    if (alloc.process().isAlive()) {
      alloc.crash();
      restartAlloc(alloc, downNanos);
    }
  }

  private void restartAlloc(SimAlloc alloc, long downNanos) {
    if (over) {
      alloc.start();
      return;
    }
    undo(
        downNanos,
        () -> {
          if (!alloc.process().isAlive()) {
            alloc.start();
          }
        });
  }

  private void stop(SimAlloc alloc, long downNanos) {
    if (world.sabotage().mutation() == Mutation.STOP_WITHOUT_RELEASE) {
      crashAlloc(alloc, downNanos);
    } else {
      alloc.stop(() -> restartAlloc(alloc, downNanos));
    }
  }

  private void roll(int index) {
    if (over || index >= world.settings().allocNodes()) {
      return;
    }
    SimAlloc alloc = world.allocs().get(index);
    if (!alloc.process().isAlive() || alloc.isStopping()) {
      roll(index + 1);
      return;
    }
    alloc.stop(
        () -> {
          restartAlloc(alloc, 50_000_000);
          undo(1_500_000_000L, () -> roll(index + 1));
        });
  }

  /** A second process under the node id of the first node, for a while. */
  private void twin(SplittableRandom random) {
    SimAlloc twin = world.allocs().get(world.settings().allocNodes());
    if (!twin.process().isAlive()) {
      twin.start();
      undo(
          between(random, 500, 6_000),
          () -> {
            if (twin.process().isAlive()) {
              twin.crash();
            }
          });
      if (random.nextBoolean()) {
        undo(between(random, 50, 400), () -> crashAlloc(world.allocs().get(0), 3_000_000_000L));
      }
    }
  }

  private void loseRenewals(SplittableRandom random) {
    SimAlloc alloc = someAlloc(random);
    alloc.loseRenewalsUntil(scheduler.now() + between(random, 300, 4_000));
  }

  /** Answers of the store come late to a node, just in time; then none at all. */
  private void lateThenLost(SplittableRandom random) {
    SimAlloc alloc = someAlloc(random);
    long late = between(random, 150, 390);
    long until = between(random, 500, 3_000);
    long lost = between(random, 1_500, 4_000);
    for (SimStore store : world.stores()) {
      world.network().slow(store.process(), alloc.process(), late);
      undo(
          until,
          () -> {
            world.network().slow(store.process(), alloc.process(), 0);
            cutBothWays(store.process(), alloc.process(), true);
            undo(lost, () -> cutBothWays(store.process(), alloc.process(), false));
          });
    }
  }

  /** Answers of a node to a client come late, perhaps after its sections went to others. */
  private void lateAnswers(SplittableRandom random) {
    SimAlloc alloc = someAlloc(random);
    SimProcess client = clients.get(random.nextInt(clients.size())).process();
    world.network().slow(alloc.process(), client, between(random, 100, 2_500));
    undo(between(random, 20, 2_000), () -> world.network().slow(alloc.process(), client, 0));
    if (random.nextBoolean()) {
      long restart = between(random, 50, 2_000);
      undo(between(random, 5, 500), () -> stop(alloc, restart));
    }
  }

  private void crashStore(SimStore store, long downNanos) {
    if (store.process().isAlive()) {
      scheduler.note(() -> store + " dies");
      store.crash();
      undo(
          downNanos,
          () -> {
            if (!store.process().isAlive()) {
              store.start();
            }
          });
    }
  }

  private void cutBothWays(SimProcess a, SimProcess b, boolean on) {
    world.network().cut(a, b, on);
    world.network().cut(b, a, on);
  }

  /** The leader loses the other store nodes, while all others reach it. */
  private void cutLeaderOff(SplittableRandom random) {
    SimStore leader = world.raft().leader();
    if (leader == null) {
      return;
    }
    for (SimStore other : world.stores()) {
      if (other.index() != leader.index()) {
        cutBothWays(leader.process(), other.process(), true);
        undo(
            between(random, 200, 4_000),
            () -> cutBothWays(leader.process(), other.process(), false));
      }
    }
  }

  private void slowLink(SplittableRandom random) {
    SimProcess a = someAlloc(random).process();
    SimProcess b =
        random.nextBoolean()
            ? someStore(random).process()
            : clients.get(random.nextInt(clients.size())).process();
    long nanos = between(random, 5, 1_500);
    boolean back = random.nextBoolean();
    world.network().slow(back ? b : a, back ? a : b, nanos);
    undo(between(random, 300, 5_000), () -> world.network().slow(back ? b : a, back ? a : b, 0));
  }

  private void oneWayCut(SplittableRandom random) {
    SimProcess a =
        random.nextInt(3) == 0 ? someStore(random).process() : someAlloc(random).process();
    SimProcess b = someStore(random).process();
    boolean back = random.nextBoolean();
    SimProcess from = back ? b : a;
    SimProcess to = back ? a : b;
    world.network().cut(from, to, true);
    undo(between(random, 100, 5_000), () -> world.network().cut(from, to, false));
  }

  /** A zone's servers lose all others, but not the clients. */
  private void cutZone(int zone, long nanos) {
    String name = Simulation.zone(zone);
    List<SimProcess> servers = Simulation.servers(world);
    for (SimProcess inside : servers) {
      for (SimProcess outside : servers) {
        if (inside.zone().equals(name) && !outside.zone().equals(name)) {
          cutBothWays(inside, outside, true);
          undo(nanos, () -> cutBothWays(inside, outside, false));
        }
      }
    }
  }

  private void loseZone(int zone, long downNanos) {
    String name = Simulation.zone(zone);
    for (SimStore store : world.stores()) {
      if (store.process().zone().equals(name)) {
        crashStore(store, downNanos);
      }
    }
    for (SimAlloc alloc : world.allocs()) {
      if (alloc.process().zone().equals(name)) {
        crashAlloc(alloc, downNanos);
      }
    }
  }

  private void cutClient(SplittableRandom random) {
    SimProcess client = clients.get(random.nextInt(clients.size())).process();
    SimProcess alloc = someAlloc(random).process();
    world.network().cut(alloc, client, true);
    undo(between(random, 50, 3_000), () -> world.network().cut(alloc, client, false));
  }

  private void create(SplittableRandom random) {
    SimStore leader = world.raft().leader();
    if (leader == null || !leader.process().isRunning() || named >= MAX_NAMESPACES) {
      return;
    }
    Namespace namespace =
        Namespace.string("late-" + named++, 1 + random.nextInt(6), 1 + random.nextInt(50));
    namespace = random.nextInt(3) == 0 ? namespace.asStrict() : namespace;
    leader.door().commands().createNamespace(namespace);
  }

  /** Ends all faults: what is down starts, what is held up goes on, all links work. */
  void end() {
    over = true;
    world.network().heal();
    world.raft().slowCommits(0);
    world.raft().refuse(0);
    for (SimStore store : world.stores()) {
      store.lagUntil(0);
      store.process().resume();
      if (!store.process().isAlive()) {
        store.start();
      }
    }
    for (int i = 0; i < world.allocs().size(); i++) {
      SimAlloc alloc = world.allocs().get(i);
      alloc.process().resume();
      alloc.loseRenewalsUntil(0);
      boolean twin = i >= world.settings().allocNodes();
      if (twin && alloc.process().isAlive()) {
        alloc.crash();
      } else if (!twin && !alloc.process().isAlive()) {
        alloc.start();
      }
    }
    scheduler.note(() -> "all faults are over");
  }
}
