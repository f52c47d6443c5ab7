package dev.ratchet.alloc.handover;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives sections back with the exact last number of every key. Confined to the control thread.
 *
 * <p>Invariants: in order, the sections are stopped, no call is inside one, no raise of one is in
 * flight and no strict answer unconfirmed, the positions are read, they are sent; one release is
 * under way at a time, so that the chunks of two never mix; one that is not answered is sent again
 * as it was. Until a release is committed the sections are still this node's, so a number taken
 * before the stop is rightly answered.
 */
public final class Releaser {
  private static final Logger LOG = LoggerFactory.getLogger(Releaser.class);

  private static final int RETRY_MILLIS = 50;
  private static final int REST_POLL_MILLIS = 5;
  private static final int ITEM_BYTES = 40;

  /** Below this the round trip to the store is all that a turn costs. */
  static final int LEAST_TURN = 64;

  static final int MOST_TURN = 256;

  /** Sections that were never used take no more turns than that: a stop must not last for long. */
  static final int MOST_TURNS = 32;

  /**
   * Between sections that were used and others: time for callers to find those that came before.
   */
  static final int APART_MILLIS = 100;

  /**
   * So many times as long as a turn of unused sections took, none follows it: nobody waits for
   * them, and all nodes need the processors to serve meanwhile.
   */
  static final int REST = 2;

  private final Function<ReleaseRequest, CompletableFuture<ReleaseReply>> store;
  private final Quiescence quiescence;
  private final WaitingRoom waitingRoom;
  private final SectionExit exit;
  private final ScheduledExecutorService control;
  private final MonotonicClock clock;
  private final Consumer<Tenure> onStuck;
  private final TurnSize turns = new TurnSize(LEAST_TURN, MOST_TURN);

  /** Wait for their turn, served as ever. */
  private final Set<Section> queued = new HashSet<>();

  private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

  /**
   * @param store sends a request to the store's leader
   * @param onStuck told of a tenure that holds sections it can neither serve nor give back
   */
  public Releaser(
      Function<ReleaseRequest, CompletableFuture<ReleaseReply>> store,
      Quiescence quiescence,
      WaitingRoom waitingRoom,
      SectionExit exit,
      ScheduledExecutorService control,
      MonotonicClock clock,
      Consumer<Tenure> onStuck) {
    this.clock = clock;
    this.onStuck = onStuck;
    this.store = store;
    this.quiescence = quiescence;
    this.waitingRoom = waitingRoom;
    this.exit = exit;
    this.control = control;
  }

  /**
   * Gives those of the sections back that are served; the others are on their way out already.
   *
   * @param leave whether to end the lease after them
   * @return completed on the control thread once the store has it all, or the tenure is over
   */
  public CompletableFuture<Void> release(Tenure tenure, List<Section> sections, boolean leave) {
    Map<Boolean, List<Section>> served =
        sections.stream()
            .filter(Section::isOpen)
            .filter(queued::add)
            .collect(Collectors.partitioningBy(Section::isUsed));
    // The few that somebody may miss have the store for themselves: first where the node leaves,
    // and last where it stays, since it gives to one that may just have started.
    for (boolean used : new boolean[] {leave, !leave}) {
      List<Section> some = served.getOrDefault(used, List.of());
      if (!some.isEmpty()) {
        boolean apart = used != leave && !served.getOrDefault(leave, List.of()).isEmpty();
        TurnSize size = used ? turns : unused(some.size());
        enqueue(new Run(tenure, some, size, false), apart ? APART_MILLIS : 0);
      }
    }
    if (leave) {
      enqueue(new Run(tenure, List.of(), turns, true), 0);
    }
    return underWay;
  }

  /** Nobody waits for a section that was never used. */
  private static TurnSize unused(int sections) {
    int each = Math.max(MOST_TURN, (sections + MOST_TURNS - 1) / MOST_TURNS);
    return new TurnSize(each, each);
  }

  private void enqueue(Run run, int delayMillis) {
    if (delayMillis == 0) {
      underWay.thenRun(run::begin);
    } else {
      underWay.thenRun(() -> control.schedule(run::begin, delayMillis, TimeUnit.MILLISECONDS));
    }
    underWay = run.done;
  }

  /** One release under way, turn by turn. */
  private final class Run {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Tenure tenure;

    /** Served as ever until their turn comes. */
    private final Queue<Section> later;

    private final TurnSize size;
    private final boolean leave;

    /** Of this turn, not read yet. */
    private final Queue<Section> left = new ArrayDeque<>();

    private final Queue<ReleaseItem> items = new ArrayDeque<>();
    private long turnBegan;

    Run(Tenure tenure, List<Section> sections, TurnSize size, boolean leave) {
      this.tenure = tenure;
      this.size = size;
      this.later = new ArrayDeque<>(sections);
      this.leave = leave;
    }

    /** Only now are the sections of this turn stopped. */
    void begin() {
      turnBegan = clock.nanos();
      while (left.size() < size.sections() && !later.isEmpty()) {
        Section next = later.remove();
        queued.remove(next);
        if (next.isOpen()) {
          next.stop();
          waitingRoom.refuse(next, ErrorCode.NOT_OWNER, next + " is being given back");
          left.add(next);
        }
      }
      if (left.isEmpty() && !leave) {
        end(); // the rest went out of service another way
      } else {
        quiescence.then(this::send);
      }
    }

    private void end() {
      later.forEach(queued::remove);
      done.complete(null);
    }

    void send() {
      if (tenure.lease().isEnded()) {
        end();
        return;
      }
      Section next = left.peek();
      if (items.isEmpty() && next != null && !isAtRest(next)) {
        control.schedule(this::send, REST_POLL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      }
      submit(nextRequest());
    }

    private ReleaseRequest nextRequest() {
      List<ReleaseItem> batch = new ArrayList<>();
      int bytes = 0;
      while (bytes < Limits.MAX_COMMAND_BYTES - Limits.MAX_HANDOVER_CHUNK
          && batch.size() < Limits.MAX_BATCH
          && refill()) {
        ReleaseItem item = items.remove();
        bytes += item.positions().length + ITEM_BYTES;
        batch.add(item);
      }
      boolean last = items.isEmpty() && left.isEmpty();
      return new ReleaseRequest(tenure.incarnation(), batch, last && leave);
    }

    /**
     * Its ceiling is known for sure only once the raise in flight is answered; and after a release
     * nothing confirms the numbers that strict calls have taken.
     */
    private static boolean isAtRest(Section section) {
      return !section.isRaising() && !section.isConfirming();
    }

    private boolean refill() {
      Section section = left.peek();
      if (items.isEmpty() && section != null && isAtRest(section)) {
        left.remove();
        items.addAll(ReleaseItems.of(section));
      }
      return !items.isEmpty();
    }

    private void submit(ReleaseRequest request) {
      store
          .apply(request)
          .whenComplete(
              (reply, failure) -> control.execute(() -> answered(request, reply, failure)));
    }

    private void answered(
        ReleaseRequest request, @Nullable ReleaseReply reply, @Nullable Throwable failure) {
      if (reply != null && reply.results().size() == request.items().size()) {
        taken(request, reply);
        return;
      }
      RatchetException error =
          failure == null
              ? new RatchetException(ErrorCode.UNKNOWN_OUTCOME, "a release was answered in part")
              : RatchetException.of(failure);
      if (tenure.lease().isEnded() || error.code() == ErrorCode.STALE_INCARNATION) {
        LOG.warn("sections were not given back, the lease is over: {}", error.getMessage());
        end();
      } else if (error.code().isDefinite() && !error.code().isRetryable()) {
        LOG.error("the store refused to take sections back: {}", error.getMessage());
        onStuck.accept(tenure);
        end();
      } else {
        LOG.debug("a release will be repeated: {}", error.getMessage());
        // The same again: a release that took effect unheard is a release done.
        control.schedule(() -> submit(request), RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    private void taken(ReleaseRequest request, ReleaseReply reply) {
      if (isRefused(request, reply)) {
        // Stopped here and owned by this node there: only the end of the tenure frees a section.
        onStuck.accept(tenure);
        end();
        return;
      }
      letGo(request);
      if (!left.isEmpty() || !items.isEmpty()) {
        send();
      } else if (!later.isEmpty()) {
        long took = clock.nanos() - turnBegan;
        size.took(took);
        if (size != turns) {
          control.schedule(this::begin, REST * took, TimeUnit.NANOSECONDS);
        } else {
          begin();
        }
      } else {
        end();
      }
    }

    private void letGo(ReleaseRequest request) {
      List<Section> gone = new ArrayList<>();
      for (ReleaseItem item : request.items()) {
        Section section = tenure.sections().get(item.namespaceId(), item.section());
        if (item.last() && section != null && section.epoch() == item.epoch()) {
          gone.add(section);
        }
      }
      exit.leave(tenure, gone, ErrorCode.NOT_OWNER, "the section was given back");
    }

    private boolean isRefused(ReleaseRequest request, ReleaseReply reply) {
      boolean refused = false;
      for (int i = 0; i < request.items().size(); i++) {
        RaiseResult result = reply.results().get(i);
        ErrorCode code = result.error() == 0 ? null : ErrorCode.of(result.error());
        if (code == ErrorCode.STALE_INCARNATION) {
          LOG.warn("sections were not given back, the lease is over");
          return true;
        }
        // With a stale epoch it is another's already.
        if (code != null && code != ErrorCode.STALE_EPOCH) {
          ReleaseItem item = request.items().get(i);
          LOG.error(
              "the store refused to take section {} of namespace {} back: {}",
              item.section(),
              item.namespaceId(),
              code);
          refused = true;
        }
      }
      return refused;
    }
  }
}
