package dev.ratchet.store.lead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.placement.LeaseWatch;
import dev.ratchet.store.placement.Orders;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.RestoreStep;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StoreState;
import dev.ratchet.store.state.TreeTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The duties on a clock and a thread that the test moves on. */
class LeaderDutiesTest {
  private static final int WAIT_MILLIS = 2_000;

  private final StoreState state = new StoreState(new TreeTable(), "test");
  private final RouteTable routes = new RouteTable();
  private final ManualThread thread = new ManualThread();
  private final Deque<Proposed> proposed = new ArrayDeque<>();
  private long nanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

  /** How much later it is each time that the clock is read. */
  private long nanosPerLook;

  private boolean proposalsThrow;

  private final Proposals proposals =
      new Proposals() {
        @Override
        public CompletableFuture<Result> propose(Command command) {
          throw new AssertionError("nothing is proposed without its term");
        }

        @Override
        public CompletableFuture<Result> propose(Command command, long term) {
          if (proposalsThrow) {
            throw new RatchetException(ErrorCode.INVALID_ARGUMENT, "said the test");
          }
          Proposed one = new Proposed(command, new CompletableFuture<>());
          proposed.add(one);
          return one.outcome();
        }
      };
  private final LeaderDuties duties =
      new LeaderDuties(
          routes, new LeaseWatch(WAIT_MILLIS), 0, 1_000, () -> nanos += nanosPerLook, thread);

  private record Proposed(Command command, CompletableFuture<Result> outcome) {}

  /** Runs what is executed when told, and the timer's task when its time is said to have come. */
  private static final class ManualThread extends ScheduledThreadPoolExecutor {
    final Queue<Runnable> waiting = new ArrayDeque<>();
    private final List<Runnable> timers = new ArrayList<>();

    ManualThread() {
      super(1);
    }

    @Override
    public void execute(Runnable task) {
      waiting.add(task);
    }

    @Override
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // nobody cancels the timer
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long first, long delay, TimeUnit unit) {
      timers.add(task);
      return null;
    }

    void tick() {
      timers.forEach(Runnable::run);
    }

    void runWaiting() {
      for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
        task.run();
      }
    }
  }

  LeaderDutiesTest() {
    duties.readLeasesFrom(state.reader()::leases);
    duties.readOrdersFrom(() -> Orders.of(state.reader()));
    duties.readRestoreFrom(state.reader()::restore);
    duties.start(proposals);
  }

  @AfterEach
  void close() {
    duties.close();
  }

  private Result apply(Command command) {
    Result result = state.apply(command);
    if (result.routes() != null) {
      routes.apply(result.routes());
    }
    duties.onApplied(result);
    return result;
  }

  private int register(String node) {
    Command register = new Command.Register(node, "z", "h", 1, 1, 1_600);
    return ((Result.Registered) apply(register)).lease().incarnation();
  }

  private void pass(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Applies what is proposed and answers it. */
  private void decide() {
    Proposed one = proposed.remove();
    one.outcome().complete(apply(one.command()));
  }

  private List<Command> tick() {
    thread.tick();
    return proposed.stream().map(Proposed::command).toList();
  }

  @Test
  void aNewLeaderGivesLeasesOfBeforeTheirWholeWaitAndThenEndsThem() {
    int before = register("before");
    pass(60_000);
    duties.onLeaderStart(7, nanos);
    assertEquals(List.of(), tick());
    pass(WAIT_MILLIS - 1);
    assertEquals(List.of(), tick());
    pass(1);
    assertEquals(List.of(new Command.Expire(before, 0)), tick());
    decide();
    assertEquals(List.of(), state.reader().leases());
  }

  /** So that the loss of a leader's zone is not an election slower than that of another. */
  @Test
  void aNewLeaderHasSeenLeasesRenewedBefore() {
    int before = register("before");
    pass(900);
    duties.onLeaderStart(7, nanos);
    pass(WAIT_MILLIS - 901);
    assertEquals(List.of(), tick());
    pass(1);
    assertEquals(List.of(new Command.Expire(before, 0)), tick());
  }

  @Test
  void aNewLeaderDoesNotEndWhatEndedBefore() {
    int before = register("before");
    apply(new Command.Expire(before, 0));
    duties.onLeaderStart(7, nanos);
    pass(60_000);
    assertEquals(List.of(), tick());
  }

  @Test
  void whoDoesNotLeadEndsNothing() {
    register("before");
    duties.onLeaderStart(7, nanos);
    duties.onLeaderStop();
    pass(60_000);
    assertEquals(List.of(), tick());
  }

  /** What did not fit in the first plan must not wait for the timer. */
  @Test
  void theNextPlanFollowsTheLastGrantInFlightAtOnce() {
    int sections = 3 * Command.MAX_GRANTED_SECTIONS;
    apply(new Command.CreateNamespace(Namespace.string("tags", sections, 100)));
    register("a");
    duties.onLeaderStart(7, nanos);
    assertEquals(2, tick().size());
    decide();
    thread.runWaiting();
    assertEquals(1, proposed.size(), "one is still in flight");
    Proposed last = proposed.remove();
    Result result = apply(last.command());
    thread.runWaiting(); // woken by the routes, when the grant does not count as decided yet
    assertEquals(0, proposed.size());
    last.outcome().complete(result);
    thread.runWaiting();
    assertEquals(1, proposed.size(), "the rest");
    decide();
    assertEquals(3, routes.version() - 2, "three grants and nothing else");
  }

  private Command.Release release(int incarnation, int... sections) {
    List<ReleaseItem> items = new ArrayList<>();
    for (int section : sections) {
      SectionRecord record = Objects.requireNonNull(state.reader().section(1, section));
      items.add(
          new ReleaseItem(
              1, section, record.epoch(), record.maxSeq(), 0, new byte[0], true, record.base()));
    }
    return new Command.Release(incarnation, items, false);
  }

  private int ownerOf(int section) {
    return Objects.requireNonNull(state.reader().section(1, section)).owner();
  }

  /** Two nodes with two sections each, in term 7. */
  private int[] twoNodes() {
    apply(new Command.CreateNamespace(Namespace.string("tags", 4, 100)));
    int[] nodes = {register("a"), register("b")};
    duties.onLeaderStart(7, nanos);
    tick();
    decide();
    thread.runWaiting();
    assertEquals(nodes[0], ownerOf(0));
    return nodes;
  }

  /** So that nobody waits for a plan: a release and what follows from it are one write. */
  @Test
  void theGrantOfAMoveIsRightBehindItsRelease() {
    int[] nodes = twoNodes();
    apply(new Command.Pin(1, 0, "b"));
    tick();
    assertEquals(List.of(new SectionRef(1, 0)), duties.wantedReleases(nodes[0]));
    Command.Release release = release(nodes[0], 0);
    CompletableFuture<Result> released = duties.release(proposals, release);
    thread.runWaiting();
    Command grant = new Command.Grant(List.of(new Command.Run(1, 0, 1, nodes[1])));
    assertEquals(List.of(release, grant), proposed.stream().map(Proposed::command).toList());
    decide();
    assertTrue(released.isDone());
    decide();
    assertEquals(nodes[1], ownerOf(0));
    thread.runWaiting();
    assertEquals(List.of(), tick(), "the plan has nothing to add");
  }

  @Test
  void whatANodeThatLeavesGivesBackGoesToTheOthersAtOnce() {
    int[] nodes = twoNodes();
    apply(new Command.Renew(nodes[0], true));
    CompletableFuture<Result> released = duties.release(proposals, release(nodes[0], 0, 2));
    thread.runWaiting(); // the plan that the leaving has woken first, and then the release
    decide();
    decide();
    assertTrue(released.isDone());
    assertEquals(List.of(nodes[1], nodes[1]), List.of(ownerOf(0), ownerOf(2)));
    thread.runWaiting();
    assertEquals(List.of(), tick(), "the plan has nothing to add");
  }

  /** As one that is too large for the log: its caller must not wait for an answer in vain. */
  @Test
  void aReleaseThatCanNotBeProposedFails() {
    int[] nodes = twoNodes();
    proposalsThrow = true;
    CompletableFuture<Result> released = duties.release(proposals, release(nodes[0], 0));
    thread.runWaiting();
    assertTrue(released.isCompletedExceptionally());
  }

  @Test
  void whatIsReleasedInPartIsNotGranted() {
    int[] nodes = twoNodes();
    apply(new Command.Renew(nodes[0], true));
    ReleaseItem chunk = new ReleaseItem(1, 0, 1, 100, 0, new byte[] {1, 1}, false, 0);
    var unused = duties.release(proposals, new Command.Release(nodes[0], List.of(chunk), false));
    thread.runWaiting();
    assertEquals(1, proposed.size());
  }

  /** A release may be refused, and then its section stays where it is. */
  @Test
  void theGrantBehindAReleaseThatIsRefusedChangesNothing() {
    int[] nodes = twoNodes();
    apply(new Command.Renew(nodes[0], true));
    Command.Release stale =
        new Command.Release(
            nodes[0], List.of(new ReleaseItem(1, 0, 1, 99, 0, new byte[0], true, 0)), false);
    CompletableFuture<Result> released = duties.release(proposals, stale);
    thread.runWaiting();
    decide();
    decide();
    assertEquals(
        ErrorCode.STALE_MAX_SEQ.number(),
        ((Result.Released) released.join()).results().get(0).error());
    assertEquals(nodes[0], ownerOf(0));
  }

  @Test
  void aPlanThatGrantsNothingIsFollowedByARestOfSoManyTimesItsLength() {
    apply(new Command.CreateNamespace(Namespace.string("tags", 4, 100)));
    int first = register("a");
    duties.onLeaderStart(7, nanos);
    nanosPerLook = TimeUnit.MILLISECONDS.toNanos(10);
    tick();
    decide();
    assertEquals(first, ownerOf(0));
    apply(new Command.CreateNamespace(Namespace.string("more", 4, 100)));
    thread.runWaiting();
    assertEquals(1, proposed.size(), "where something was granted there may be more to grant");
    decide();
    thread.runWaiting(); // finds nothing to do
    nanosPerLook = 0;
    pass(1);
    apply(new Command.CreateNamespace(Namespace.string("most", 4, 100)));
    thread.runWaiting();
    assertEquals(List.of(), tick(), "it rests, though the routes changed");
    pass(LeaderDuties.REST * 20);
    assertEquals(1, tick().size());
  }

  @Test
  void whatIsHaltedIsNotProposedAgain() {
    apply(new Command.CreateNamespace(Namespace.string("tags", 1, 100)));
    register("a");
    apply(new Command.Witness(List.of(new WitnessItem(1, 0, 1, 100))));
    duties.onLeaderStart(7, nanos);
    assertEquals(1, tick().size());
    decide();
    for (int i = 0; i < 30; i++) {
      pass(50);
      assertEquals(List.of(), tick());
      thread.runWaiting();
    }
  }

  private void restore() {
    Namespace tags = Namespace.string("tags", 1, 100).withId(1);
    apply(new RestoreStep.Begin(9, 1_000, 10, 5, 1, 0, 0, List.of(tags)));
    apply(new RestoreStep.Sections(9, 1, 0, List.of(new RestoreStep.SavedSection(3, 500))));
    apply(new RestoreStep.End(9));
  }

  /** Nodes of the life before serve until their own leases end, and no lease here tells of them. */
  @Test
  void nothingIsGrantedWithinALeaseWaitAfterARestore() {
    duties.onLeaderStart(7, nanos);
    restore();
    int incarnation = register("a");
    assertEquals(List.of(), tick());
    pass(WAIT_MILLIS - 1);
    apply(new Command.Renew(incarnation));
    assertEquals(List.of(), tick());
    pass(1);
    assertEquals(1, tick().size());
  }

  @Test
  void aLeaderAfterARestoreWaitsAnewUntilSomethingWasGranted() {
    restore();
    int incarnation = register("a");
    duties.onLeaderStart(7, nanos);
    assertEquals(List.of(), tick());
    duties.onLeaderStop();
    pass(WAIT_MILLIS);
    apply(new Command.Renew(incarnation));
    duties.onLeaderStart(8, nanos);
    assertEquals(List.of(), tick());
    pass(WAIT_MILLIS);
    apply(new Command.Renew(incarnation));
    assertEquals(1, tick().size());
    decide();
    apply(new Command.CreateNamespace(Namespace.string("more", 1, 100)));
    duties.onLeaderStop();
    duties.onLeaderStart(9, nanos);
    assertEquals(1, tick().size(), "a leader has waited before");
  }
}
