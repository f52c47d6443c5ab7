package dev.ratchet.testkit.sim;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.lead.AppliedListener;
import dev.ratchet.store.lead.LeaderDuties;
import dev.ratchet.store.lead.Proposals;
import dev.ratchet.store.lead.StoreMachine;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.placement.LeaseWatch;
import dev.ratchet.store.placement.Orders;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.EntryCodec;
import dev.ratchet.store.state.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One store node: the production code's state machine, leader's duties and handlers, on the log
 * that {@link SimRaft} models. Its disk outlives its process: a snapshot, and the log as far as it
 * was stored here.
 */
final class SimStore implements Proposals {
  private static final int MOST_AT_A_TIME = 64;

  private final World world;
  private final SimProcess process;
  private final SplittableRandom random;
  private final Map<Path, MemoryTable> disk = new HashMap<>();
  private final Path snapshot;
  private int stored;
  private int snapshotIndex;
  private long deposedAt = Long.MAX_VALUE;
  private long lagsUntil;

  private @Nullable Life life;

  /** All that is gone with the process. */
  private final class Life implements AppliedListener {
    final MemoryTable table = new MemoryTable(disk);
    final RouteTable routes = new RouteTable();
    final StoreMachine machine;
    final LeaderDuties duties;
    final SimStoreDoor door;
    final Map<Integer, SimRaft.Entry> proposed = new HashMap<>();
    final Set<SimRaft.Entry> awaited = new LinkedHashSet<>();
    int applied;
    int known;
    int caughtUpAt = -1;
    long leadsIn;
    long startsTerm;
    int startsAt;
    boolean applying;
    @Nullable SimStore hint;

    Life() throws IOException {
      SimExecutor thread = new SimExecutor(world.scheduler(), process, "duties");
      LeaseWatch leases = new LeaseWatch(world.settings().leaseWaitMillis());
      duties =
          new LeaderDuties(
              routes,
              leases,
              world.settings().settleMillis(),
              world.settings().movesPerSecond(),
              process,
              thread);
      MemberBook book = new MemberBook(Map.of());
      machine = new StoreMachine(table, World.CLUSTER, routes, book, List.of(duties, this));
      duties.readRestoreFrom(machine.reader()::restore);
      duties.readOrdersFrom(() -> Orders.of(machine.reader()));
      duties.readLeasesFrom(machine.reader()::leases);
      if (snapshotIndex > 0) {
        machine.loadFrom(snapshot);
        applied = snapshotIndex;
      }
      known = applied;
      door = new SimStoreDoor(world, SimStore.this, routes, machine.reader(), duties, book);
    }

    @Override
    public void onApplied(Result result) {
      door.onApplied(result);
    }
  }

  SimStore(World world, SimProcess process) {
    this.world = world;
    this.process = process;
    this.random = world.scheduler().random("store " + process.name());
    this.snapshot = Path.of(process.name());
  }

  SimProcess process() {
    return process;
  }

  int index() {
    return process.index();
  }

  @Override
  public String toString() {
    return process.name();
  }

  void start() {
    process.start();
    deposedAt = Long.MAX_VALUE;
    try {
      Life born = new Life();
      life = born;
      born.duties.start(this);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void crash() {
    life = null;
    process.crash();
    world.network().broke(process);
    world.raft().died(this);
  }

  /** The door in; a dead process has none. */
  SimStoreDoor door() {
    return alive().door;
  }

  private Life alive() {
    Life now = life;
    if (now == null) {
      throw new AssertionError(process + " is dead");
    }
    return now;
  }

  /** The connections of a process to this one broke. */
  void broke(SimProcess other) {
    Life now = life;
    if (now != null && process.isAlive()) {
      world.scheduler().after(0, "disconnect", process, () -> now.door.broke(other));
    }
  }

  /** The route table, or null of a dead process. */
  @Nullable RouteTable routes() {
    Life now = life;
    return now == null ? null : now.routes;
  }

  int applied() {
    Life now = life;
    return now == null ? 0 : now.applied;
  }

  // What the log says.

  /** Entries on this member's disk. */
  int stored() {
    return stored;
  }

  void store(int index) {
    stored = Math.max(stored, index);
  }

  void lagUntil(long time) {
    lagsUntil = time;
  }

  /** The leader says how far the log is committed. */
  void hear(SimStore leader, int committed) {
    store(committed);
    Life now = life;
    if (now != null) {
      now.hint = leader;
      if (now.caughtUpAt < 0) {
        now.caughtUpAt = committed;
      }
      learn(committed);
    }
  }

  /** Entries up to an index are committed. */
  void learn(int committed) {
    Life now = life;
    if (now != null && committed > now.known) {
      now.known = committed;
      wake(now);
    }
  }

  private void wake(Life now) {
    if (!now.applying && now.applied < now.known) {
      now.applying = true;
      long lag = Math.max(0, lagsUntil - world.scheduler().now());
      world.scheduler().after(lag + 20_000, "apply", process, () -> applySome(now));
    }
  }

  private void applySome(Life now) {
    now.applying = false;
    int end = Math.min(now.known, now.applied + MOST_AT_A_TIME);
    while (now.applied < end) {
      applyNext(now);
    }
    if (now.applied - snapshotIndex >= world.settings().snapshotEntries()) {
      now.table.saveTo(snapshot);
      snapshotIndex = now.applied;
    }
    if (now.startsTerm != 0 && now.applied >= now.startsAt) {
      now.leadsIn = now.startsTerm;
      now.startsTerm = 0;
      now.hint = this;
      now.caughtUpAt = Math.max(now.caughtUpAt, 0);
      now.duties.onLeaderStart(now.leadsIn, process.nanos());
    }
    wake(now);
  }

  private void applyNext(Life now) {
    int index = now.applied + 1;
    byte[] bytes =
        world.sabotage().entry(index, this, world.raft().entry(index), now.machine.reader());
    Result result = (Result) now.machine.apply(bytes);
    now.applied = index;
    world.sabotage().applied(result, now.machine.reader());
    world.checker().applied(index, this, now.table, now.machine.reader(), result);
    try {
      now.machine.commit(index);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    SimRaft.Entry entry = now.proposed.remove(index);
    if (entry != null && now.awaited.remove(entry)) {
      entry.outcome().complete(world.sabotage().result(bytes, result));
    }
  }

  // Leadership, as this member sees it.

  boolean believesToLead() {
    return leadsIn() != 0;
  }

  /** The term that it believes to lead, or 0. */
  long leadsIn() {
    Life now = life;
    return now == null ? 0 : now.leadsIn;
  }

  long deposedAt() {
    return deposedAt;
  }

  void deposedAt(long time) {
    deposedAt = time;
  }

  /** It was elected, and its first entry is committed: it leads once it has applied all. */
  void leads(long term) {
    Life now = life;
    if (now != null) {
      now.startsTerm = term;
      now.startsAt = world.raft().committed();
      now.known = Math.max(now.known, now.startsAt);
      if (!now.applying) {
        now.applying = true;
        world.scheduler().after(20_000, "apply", process, () -> applySome(now));
      }
    }
  }

  /** It finds that it leads no more. */
  void leadsNoMore() {
    Life now = life;
    deposedAt = Long.MAX_VALUE;
    if (now == null) {
      return;
    }
    world.scheduler().note(() -> process + " leads no more");
    now.leadsIn = 0;
    now.startsTerm = 0;
    now.hint = null;
    List<SimRaft.Entry> unknown = List.copyOf(now.awaited);
    now.awaited.clear();
    now.proposed.clear();
    for (SimRaft.Entry entry : unknown) {
      entry
          .outcome()
          .completeExceptionally(
              new RatchetException(ErrorCode.UNKNOWN_OUTCOME, "leadership of the store changed"));
    }
    now.duties.onLeaderStop();
    now.door.onLeaderStop();
  }

  /** Throws, with the leader as hint, unless it believes to lead. */
  void checkLeading() {
    if (!believesToLead()) {
      throw notLeader();
    }
  }

  RatchetException notLeader() {
    SimStore hint = alive().hint;
    return new RatchetException(
        ErrorCode.NOT_LEADER,
        process + " does not lead",
        hint == null || hint.index() == index() ? "" : String.valueOf(hint.index()));
  }

  /** Whether its routes are those of the time at which it started, or newer. */
  boolean isCaughtUp() {
    Life now = alive();
    return now.caughtUpAt >= 0 && now.applied >= now.caughtUpAt;
  }

  // The way into the log.

  void awaits(SimRaft.Entry entry) {
    alive().awaited.add(entry);
  }

  void proposedAt(int index, SimRaft.Entry entry) {
    Life now = life;
    if (now != null) {
      now.proposed.put(index, entry);
    }
  }

  @Override
  public CompletableFuture<Result> propose(Command command) {
    return propose(command, leadsIn());
  }

  @Override
  public CompletableFuture<Result> propose(Command command, long term) {
    if (term == 0 || term != leadsIn()) {
      return CompletableFuture.failedFuture(notLeader());
    }
    Result made = world.sabotage().undecided(command, world.raft().leader(), this);
    if (made != null) {
      return CompletableFuture.completedFuture(made);
    }
    boolean urgent =
        command instanceof Command.Renew
            || command instanceof Command.Expire
            || command instanceof Command.Grant;
    return world.raft().propose(this, EntryCodec.encode(command), urgent).handle(this::resultOf);
  }

  private Result resultOf(@Nullable Result result, @Nullable Throwable failure) {
    if (failure != null || result == null) {
      throw RatchetException.of(failure == null ? new IllegalStateException() : failure);
    }
    if (result instanceof Result.Refused refused) {
      throw refused.toException();
    }
    return result;
  }

  /** A short time, as a thread takes to come to a read. */
  long readDelay() {
    return TimeUnit.MICROSECONDS.toNanos(20 + random.nextLong(300));
  }
}
