package dev.ratchet.alloc.window;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.lease.Witness;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RaiseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises ceilings: gathers the sections that run low into one request at a time, repeats an
 * unanswered request as the same compare-and-set, and takes in a ceiling only once it is committed.
 *
 * <p>Invariants: a section is in at most one request; each one claimed by {@link
 * Section#beginRaise} is let go by {@link Section#endRaise} when its answer is in; what the store
 * refuses is never served again under this epoch.
 *
 * <p>Concurrency: {@link #want} from any thread; all else happens on the control thread. One
 * request is in flight at a time; sections that run low meanwhile go into the next.
 */
public final class Raiser {
  /** Sections raised by one request. */
  public static final int MAX_BATCH = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(Raiser.class);
  private static final int RETRY_MILLIS = 50;

  private final Function<RaiseRequest, CompletableFuture<RaiseReply>> store;
  private final Witness witness;
  private final ScheduledExecutorService control;
  private final WaitingRoom waitingRoom;
  private final SectionExit exit;
  private final Consumer<Tenure> onLost;
  private final Queue<Wanted> wanted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean pumping = new AtomicBoolean();
  private final LongAdder raises = new LongAdder();
  private final LongAdder requests = new LongAdder();

  private final LongAdder exhaustedSections = new LongAdder();

  private boolean inFlight;

  private record Wanted(Tenure tenure, Section section, long atLeast) {}

  private record Batch(Tenure tenure, List<Section> sections, RaiseRequest request) {}

  /**
   * @param store sends a request to the store's leader
   * @param witness told of every ceiling that is committed
   * @param onLost told of a tenure that is over, or that holds sections it can't serve
   */
  public Raiser(
      Function<RaiseRequest, CompletableFuture<RaiseReply>> store,
      Witness witness,
      ScheduledExecutorService control,
      WaitingRoom waitingRoom,
      SectionExit exit,
      Consumer<Tenure> onLost) {
    this.exit = exit;
    this.store = store;
    this.witness = witness;
    this.control = control;
    this.waitingRoom = waitingRoom;
    this.onLost = onLost;
  }

  /** Ceilings raised so far. */
  public long raises() {
    return raises.sum();
  }

  /** Sections that came to their last number. */
  public long exhausted() {
    return exhaustedSections.sum();
  }

  /** Requests sent so far. */
  public long requests() {
    return requests.sum();
  }

  /** Asks for a raise ahead of need, once a number this high was taken; from any thread. */
  public void wantIfLow(Tenure tenure, Section section, long last) {
    if (section.isLow(last)) {
      want(tenure, section, last);
    }
  }

  /** Asks for a raise to a step above {@code atLeast}, unless one is in flight for the section. */
  public void want(Tenure tenure, Section section, long atLeast) {
    if (section.beginRaise()) {
      wanted.add(new Wanted(tenure, section, atLeast));
      if (pumping.compareAndSet(false, true)) {
        control.execute(this::pump);
      }
    }
  }

  private void pump() {
    pumping.set(false);
    while (!inFlight) {
      Wanted first = wanted.peek();
      if (first == null) {
        return;
      }
      Batch batch = gather(first.tenure());
      if (!batch.sections().isEmpty()) {
        send(batch);
      }
    }
  }

  private Batch gather(Tenure tenure) {
    List<Section> sections = new ArrayList<>();
    List<RaiseItem> items = new ArrayList<>();
    Wanted next = wanted.peek();
    while (next != null && next.tenure().equals(tenure) && items.size() < MAX_BATCH) {
      wanted.remove();
      Section section = next.section();
      if (!section.isOpen()) {
        section.endRaise();
      } else if (section.maxSeq() >= Limits.MAX_NUMBER) {
        exhausted(section);
      } else {
        sections.add(section);
        items.add(item(section, next.atLeast()));
      }
      next = wanted.peek();
    }
    return new Batch(tenure, sections, new RaiseRequest(tenure.incarnation(), items));
  }

  private static RaiseItem item(Section section, long atLeast) {
    long expected = section.maxSeq();
    long highest = Math.min(Limits.MAX_NUMBER, expected + Limits.MAX_STEP);
    long target = Math.min(Math.max(expected, atLeast) + section.namespace().step(), highest);
    return new RaiseItem(
        section.namespace().id(), section.index(), section.epoch(), expected, target);
  }

  private void send(Batch batch) {
    inFlight = true;
    requests.increment();
    store
        .apply(batch.request())
        .whenComplete((reply, failure) -> control.execute(() -> done(batch, reply, failure)));
  }

  private void done(Batch batch, @Nullable RaiseReply reply, @Nullable Throwable failure) {
    if (reply != null && reply.results().size() == batch.sections().size()) {
      inFlight = false;
      for (int i = 0; i < batch.sections().size(); i++) {
        finish(batch, i, reply.results().get(i));
      }
      pump();
      return;
    }
    RatchetException error = failure == null ? malformed() : RatchetException.of(failure);
    if (batch.tenure().lease().isEnded() || isFinal(error)) {
      inFlight = false;
      LOG.warn("{} raises are given up: {}", batch.sections().size(), error.getMessage());
      batch.sections().forEach(section -> abandon(batch.tenure(), section));
      onLost.accept(batch.tenure());
      pump();
    } else {
      LOG.debug(
          "raise of {} sections will be repeated: {}", batch.sections().size(), error.getMessage());
      control.schedule(() -> send(batch), RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static RatchetException malformed() {
    return new RatchetException(ErrorCode.UNKNOWN_OUTCOME, "the store answered a raise in part");
  }

  /** Whether the same request again would be refused again. */
  private static boolean isFinal(RatchetException error) {
    return error.code().isDefinite() && !error.code().isRetryable();
  }

  private void finish(Batch batch, int index, RaiseResult result) {
    Section section = batch.sections().get(index);
    long target = batch.request().items().get(index).target();
    if (result.error() == 0) {
      raises.increment();
      section.raised(target);
      witness.saw(section.namespace(), section.index(), section.epoch(), target);
      section.endRaise();
      WaitingCall waiting = waitingRoom.serve(section);
      if (waiting != null) {
        want(batch.tenure(), section, section.maxSeq() + waiting.count());
      }
      return;
    }
    ErrorCode code = ErrorCode.of(result.error());
    if (code == ErrorCode.NUMBERS_EXHAUSTED) {
      exhausted(section);
      return;
    }
    if (code == ErrorCode.STALE_EPOCH || code == ErrorCode.STALE_INCARNATION) {
      // As it should be after this node was frozen or cut off for longer than its lease.
      LOG.warn("{} is another's by now: a raise to {} was refused with {}", section, target, code);
    } else {
      LOG.error("{} is lost: the store refused a raise to {} with {}", section, target, code);
    }
    abandon(batch.tenure(), section);
    if (code != ErrorCode.STALE_EPOCH) {
      // To the store it may still be this node's: only the end of the tenure frees it.
      onLost.accept(batch.tenure());
    }
  }

  private void exhausted(Section section) {
    section.endRaise();
    if (section.beginExhausted()) {
      exhaustedSections.increment();
      LOG.error(
          "{} has come to its last number, {}, and serves nobody any more: move its keys to a new"
              + " namespace",
          section,
          section.maxSeq());
    }
    waitingRoom.serveOrRefuse(
        section,
        ErrorCode.NUMBERS_EXHAUSTED,
        section + " has come to its last number, " + section.maxSeq());
  }

  private void abandon(Tenure tenure, Section section) {
    section.endRaise();
    exit.leave(tenure, List.of(section), ErrorCode.NOT_OWNER, "the node has lost " + section);
  }
}
