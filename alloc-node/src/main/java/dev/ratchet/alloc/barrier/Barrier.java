package dev.ratchet.alloc.barrier;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Confirms, before answers of strict namespaces go out, that their sections are still this node's.
 * One committed entry confirms all that wait.
 *
 * <p>Invariant: what confirms a call was sent after the call arrived. So if another owner had
 * answered before, its grant is before the barrier in the log, and the barrier says so. The store
 * names what is stale without its epoch, so a barrier asks about one epoch of a section, but for a
 * call that has two itself: then both are refused, and neither is dropped.
 *
 * <p>Concurrency: {@link #confirm} from any thread; all else happens on the control thread.
 */
public final class Barrier {
  /** A call need not wait for the barrier under way to come back before the next one is sent. */
  static final int MAX_IN_FLIGHT = 4;

  private static final int RETRY_MILLIS = 20;

  private final Function<ConfirmRequest, CompletableFuture<ConfirmReply>> store;
  private final ScheduledExecutorService control;
  private final SectionExit exit;
  private final Consumer<Tenure> onLost;
  private final int maxWaiting;
  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean pumping = new AtomicBoolean();
  private final LongAdder barriers = new LongAdder();

  /** Sent and not answered; confined to the control thread, as is all below. */
  private final Set<Waiting> sent = new LinkedHashSet<>();

  private int inFlight;

  /** Hears, once and on any thread, what became of a call. */
  public interface Answer {
    /** All sections are confirmed but these. */
    void confirmed(Set<SectionRef> stale);

    /** None is. */
    void failed(ErrorCode code, String message);
  }

  /** A call that waits; compared by identity. */
  private static final class Waiting {
    final Tenure tenure;
    final List<SectionEpoch> sections;
    final long deadlineNanos;
    final Answer answer;

    /** Whether a section is among them under two epochs. */
    final boolean mixed;

    boolean over;

    Waiting(Tenure tenure, List<SectionEpoch> sections, long deadlineNanos, Answer answer) {
      this.tenure = tenure;
      this.sections = sections;
      this.deadlineNanos = deadlineNanos;
      this.answer = answer;
      this.mixed =
          sections.size() > 1
              && sections.stream().map(SectionEpoch::ref).distinct().count() < sections.size();
    }
  }

  /** Calls that one barrier confirms. */
  private static final class Round {
    final Tenure tenure;
    final List<Waiting> calls = new ArrayList<>();
    final Set<SectionEpoch> sections = new LinkedHashSet<>();
    private final Map<SectionRef, Long> epochs = new HashMap<>();
    boolean mixed;

    Round(Tenure tenure) {
      this.tenure = tenure;
    }

    boolean takes(Waiting call) {
      return calls.isEmpty()
          || (!mixed
              && !call.mixed
              && sections.size() + call.sections.size() <= Limits.MAX_BATCH
              && call.sections.stream().noneMatch(this::hasOtherEpochOf));
    }

    private boolean hasOtherEpochOf(SectionEpoch section) {
      Long known = epochs.get(section.ref());
      return known != null && known != section.epoch();
    }

    void add(Waiting call) {
      calls.add(call);
      sections.addAll(call.sections);
      call.sections.forEach(section -> epochs.put(section.ref(), section.epoch()));
      mixed |= call.mixed;
    }
  }

  /**
   * @param store sends a barrier to the store's leader
   * @param maxWaiting calls that may wait at a time
   * @param onLost told of a tenure that is over
   */
  public Barrier(
      Function<ConfirmRequest, CompletableFuture<ConfirmReply>> store,
      ScheduledExecutorService control,
      SectionExit exit,
      int maxWaiting,
      Consumer<Tenure> onLost) {
    this.store = store;
    this.control = control;
    this.exit = exit;
    this.maxWaiting = maxWaiting;
    this.onLost = onLost;
  }

  /** Barriers sent so far. */
  public long barriers() {
    return barriers.sum();
  }

  /** Confirms distinct sections of one call, which has arrived before. */
  public void confirm(
      Tenure tenure, List<SectionEpoch> sections, long deadlineNanos, Answer answer) {
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      answer.failed(ErrorCode.OVERLOADED, "too many calls already wait for a barrier");
      return;
    }
    queue.add(new Waiting(tenure, sections, deadlineNanos, answer));
    pumpSoon();
  }

  private void pumpSoon() {
    if (pumping.compareAndSet(false, true)) {
      control.execute(this::pump);
    }
  }

  private void pump() {
    pumping.set(false);
    while (inFlight < MAX_IN_FLIGHT) {
      Waiting first = queue.peek();
      if (first == null) {
        return;
      }
      Round round = gather(first.tenure);
      if (!round.calls.isEmpty()) {
        send(round);
      }
    }
  }

  private Round gather(Tenure tenure) {
    Round round = new Round(tenure);
    Waiting next = queue.peek();
    while (next != null && next.tenure.equals(tenure) && (next.over || round.takes(next))) {
      queue.remove();
      if (!next.over) {
        round.add(next);
      }
      next = queue.peek();
    }
    return round;
  }

  private void send(Round round) {
    inFlight++;
    barriers.increment();
    sent.addAll(round.calls);
    store
        .apply(new ConfirmRequest(round.tenure.incarnation(), List.copyOf(round.sections)))
        .whenComplete((reply, failure) -> control.execute(() -> answered(round, reply, failure)));
  }

  private void answered(Round round, @Nullable ConfirmReply reply, @Nullable Throwable failure) {
    inFlight--;
    round.calls.forEach(sent::remove);
    if (reply != null) {
      confirmed(round, new HashSet<>(reply.stale()));
      pump();
      return;
    }
    RatchetException error =
        RatchetException.of(failure == null ? new IllegalStateException() : failure);
    if (round.tenure.lease().isEnded() || error.code() == ErrorCode.STALE_INCARNATION) {
      round.calls.forEach(call -> fail(call, ErrorCode.LEASE_LOST, "the node's lease is over"));
      onLost.accept(round.tenure);
      pump();
    } else if (error.code().isDefinite() && !error.code().isRetryable()) {
      String why = "the store refused a barrier: " + error.getMessage();
      round.calls.forEach(call -> fail(call, ErrorCode.UNAVAILABLE, why));
      pump();
    } else {
      // Another barrier confirms as well: they go into the next, until their time is over.
      queue.addAll(round.calls);
      control.schedule(this::pump, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void confirmed(Round round, Set<SectionRef> stale) {
    for (Waiting call : round.calls) {
      Set<SectionRef> itsOwn = new HashSet<>();
      for (SectionEpoch section : call.sections) {
        if (stale.contains(section.ref())) {
          itsOwn.add(section.ref());
        }
      }
      if (end(call)) {
        call.answer.confirmed(itsOwn);
      }
    }
    if (!stale.isEmpty() && !round.mixed) {
      drop(round, stale);
    }
  }

  /** They are others' by now, or were never this node's. */
  private void drop(Round round, Set<SectionRef> stale) {
    List<Section> lost = new ArrayList<>();
    for (SectionEpoch asked : round.sections) {
      Section held = round.tenure.sections().get(asked.namespaceId(), asked.section());
      if (stale.contains(asked.ref()) && held != null && held.epoch() == asked.epoch()) {
        lost.add(held);
      }
    }
    exit.leave(round.tenure, lost, ErrorCode.NOT_OWNER, "the section was granted to another node");
  }

  private void fail(Waiting call, ErrorCode code, String message) {
    if (end(call)) {
      call.answer.failed(code, message);
    }
  }

  private boolean end(Waiting call) {
    boolean first = !call.over;
    call.over = true;
    if (first) {
      waiting.decrementAndGet();
    }
    return first;
  }

  /** Refuses the calls whose deadline has passed. */
  public void expire(long nowNanos) {
    if (waiting.get() == 0) {
      return;
    }
    List<Waiting> late = new ArrayList<>(sent);
    late.addAll(queue);
    for (Waiting call : late) {
      if (nowNanos - call.deadlineNanos >= 0) {
        fail(
            call,
            ErrorCode.UNAVAILABLE,
            "the store did not confirm in time that the section is still this node's; is it up?");
      }
    }
  }
}
