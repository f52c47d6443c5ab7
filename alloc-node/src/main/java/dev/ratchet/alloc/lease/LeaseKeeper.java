package dev.ratchet.alloc.lease;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process registered and its lease renewed. Everything but {@link #current} and {@link
 * #health} happens on the control thread.
 *
 * <p>Invariants: one tenure at a time; an incarnation is held at most once, and what the store
 * answers to an earlier one is ignored; a lease counts from renewals only, never from the
 * registration, since an unanswered registration is repeated, and the store may have applied, and
 * counted from, an earlier one.
 */
public final class LeaseKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  /** Renewals that may be in flight at a time. */
  private static final int MAX_RENEWALS = 4;

  private static final int REGISTER_RETRY_MILLIS = 100;

  /** What the keeper asks of the store. */
  public interface Store {
    CompletableFuture<RegisterReply> register(RegisterRequest request);

    CompletableFuture<RenewReply> renew(RenewRequest request);
  }

  private final Store store;
  private final LongFunction<RegisterRequest> identity;
  private final LongSupplier newProcess;
  private final long renewMillis;
  private final ScheduledExecutorService control;
  private final MonotonicClock clock;
  private final Consumer<Tenure> onBegin;
  private final Consumer<Tenure> onEnd;
  private final BiConsumer<Tenure, RenewReply> onRenewed;

  private volatile @Nullable Tenure current;
  private volatile String problem = "not registered with the store yet";

  /** Confined to the control thread. */
  private Life life = Life.NEW;

  private int lastIncarnation;

  /** Completed once the store knows that this node leaves; null while it stays. */
  private @Nullable CompletableFuture<Void> leaving;

  private boolean registrationInFlight;

  /** Whether a registration ended unknown: it may be in force without this node's knowing. */
  private boolean registrationUnknown;

  /** Kinds of failure of the registration under way that the log has been told of. */
  private final Set<ErrorCode> told = EnumSet.noneOf(ErrorCode.class);

  private int renewalsInFlight;
  private @Nullable Future<?> timer;

  /** The keeper's own life. */
  private enum Life {
    NEW,
    REGISTERING,
    HOLDING,
    /** Renews, but does not register again, unless to learn of a lease that it may have. */
    LEAVING,
    CLOSED;

    boolean mayBecome(Life next) {
      return switch (next) {
        case NEW -> false;
        case REGISTERING -> this == NEW || this == HOLDING;
        case HOLDING -> this == REGISTERING;
        case LEAVING -> this != CLOSED;
        case CLOSED -> true;
      };
    }
  }

  /**
   * @param identity this node's registration, given its process number
   * @param newProcess gives random process numbers
   * @param onBegin told of each new tenure, whose lease is not valid yet
   * @param onEnd told of each tenure that is over
   * @param onRenewed told what the store says at each renewal
   */
  public LeaseKeeper(
      Store store,
      LongFunction<RegisterRequest> identity,
      LongSupplier newProcess,
      long renewMillis,
      ScheduledExecutorService control,
      MonotonicClock clock,
      Consumer<Tenure> onBegin,
      Consumer<Tenure> onEnd,
      BiConsumer<Tenure, RenewReply> onRenewed) {
    this.store = store;
    this.identity = identity;
    this.newProcess = newProcess;
    this.renewMillis = renewMillis;
    this.control = control;
    this.clock = clock;
    this.onBegin = onBegin;
    this.onEnd = onEnd;
    this.onRenewed = onRenewed;
  }

  /** The tenure under way, or null; its lease may still be, or again be, invalid. */
  public @Nullable Tenure current() {
    return current;
  }

  /** Empty while the lease is valid, else why it is not. */
  public String health() {
    Tenure tenure = current;
    return tenure != null && tenure.lease().isValid(clock.nanos()) ? "" : problem;
  }

  private void become(Life next) {
    if (!life.mayBecome(next)) {
      throw new IllegalStateException("a keeper can't go from " + life + " to " + next);
    }
    life = next;
  }

  /** Starts to register. */
  public void start() {
    control.execute(
        () -> {
          if (life == Life.NEW) {
            registerAnew();
          }
        });
  }

  /**
   * With a new process number: the old one would be answered with the incarnation that is over or
   * whose memory is gone.
   */
  private void registerAnew() {
    become(Life.REGISTERING);
    register(identity.apply(newProcess.getAsLong()));
  }

  /** The same registration again is answered with the same incarnation. */
  private void register(RegisterRequest registration) {
    if (isRegistering()) {
      registrationInFlight = true;
      asked(() -> store.register(registration))
          .whenComplete(
              (reply, failure) -> control.execute(() -> registered(registration, reply, failure)));
    }
  }

  /** A node that leaves goes on only to learn of a lease that it may have. */
  private boolean isRegistering() {
    return life == Life.REGISTERING || (life == Life.LEAVING && mayBeRegistered());
  }

  private boolean mayBeRegistered() {
    return current == null && (registrationInFlight || registrationUnknown);
  }

  private void registered(
      RegisterRequest registration, @Nullable RegisterReply reply, @Nullable Throwable failure) {
    if (!isRegistering()) {
      return;
    }
    registrationInFlight = false;
    if (reply == null) {
      failed(
          registration,
          RatchetException.of(failure == null ? new IllegalStateException() : failure));
    } else if (reply.incarnation() <= lastIncarnation) {
      // Serving an incarnation twice in one process would issue its numbers again.
      retry(
          identity.apply(newProcess.getAsLong()),
          new RatchetException(
              ErrorCode.INTERNAL,
              "it gave incarnation " + reply.incarnation() + " after " + lastIncarnation));
    } else {
      hold(registration, reply.incarnation());
    }
  }

  private void failed(RegisterRequest registration, RatchetException error) {
    if (error.code() == ErrorCode.NODE_ID_IN_USE) {
      registrationUnknown = false; // another process has the lease
    } else if (!error.code().isDefinite()) {
      registrationUnknown = true;
    }
    CompletableFuture<Void> leave = leaving;
    if (leave != null && !registrationUnknown) {
      leave.complete(null);
    } else {
      retry(registration, error);
    }
  }

  private void hold(RegisterRequest registration, int incarnation) {
    if (life == Life.REGISTERING) {
      become(Life.HOLDING);
    }
    registrationUnknown = false;
    told.clear();
    lastIncarnation = incarnation;
    long holderNanos = TimeUnit.MILLISECONDS.toNanos(registration.holderMillis());
    Tenure tenure = new Tenure(new Lease(incarnation, holderNanos, clock.nanos()));
    LOG.info("{} is registered as incarnation {}", registration.node(), incarnation);
    problem = "registered; the lease is not renewed yet";
    current = tenure;
    renewalsInFlight = 0;
    onBegin.accept(tenure);
    renewAndAgain(tenure);
  }

  private void retry(RegisterRequest registration, RatchetException error) {
    String why = "can't register with the store: " + error.getMessage();
    if (told.add(error.code())) {
      LOG.warn("{}; trying again, without saying so again", why);
    }
    problem = why;
    timer =
        control.schedule(
            () -> register(registration), REGISTER_RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void renewAndAgain(Tenure tenure) {
    if (current != tenure) {
      return;
    }
    if (renewalsInFlight < MAX_RENEWALS) {
      renew(tenure);
    }
    timer = control.schedule(() -> renewAndAgain(tenure), renewMillis, TimeUnit.MILLISECONDS);
  }

  private void renew(Tenure tenure) {
    renewalsInFlight++;
    long sentNanos = clock.nanos();
    CompletableFuture<Void> leave = leaving;
    asked(() -> store.renew(new RenewRequest(tenure.incarnation(), leave != null)))
        .whenComplete(
            (reply, failure) ->
                control.execute(() -> renewed(tenure, sentNanos, reply, failure, leave)));
  }

  /** What is thrown is a failure like another: the next attempt is made all the same. */
  private static <R> CompletableFuture<R> asked(Supplier<CompletableFuture<R>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void renewed(
      Tenure tenure,
      long sentNanos,
      @Nullable RenewReply reply,
      @Nullable Throwable failure,
      @Nullable CompletableFuture<Void> leave) {
    if (current != tenure) {
      return; // an answer to a tenure that is over
    }
    renewalsInFlight--;
    if (reply != null) {
      tenure.lease().renewed(sentNanos);
      onRenewed.accept(tenure, reply);
      if (leave != null) {
        leave.complete(null);
      }
      return;
    }
    RatchetException error =
        RatchetException.of(failure == null ? new IllegalStateException() : failure);
    problem = "the lease can't be renewed: " + error.getMessage();
    if (error.code() == ErrorCode.STALE_INCARNATION) {
      lost(tenure);
    }
  }

  /** A tenure is over: starts anew, with nothing. */
  public void lost(Tenure tenure) {
    if (current != tenure) {
      return;
    }
    LOG.warn("the lease of incarnation {} is over", tenure.incarnation());
    problem = "the lease was lost; registering anew";
    end(tenure);
    if (life == Life.HOLDING) {
      registerAnew();
    }
  }

  private void end(Tenure tenure) {
    tenure.lease().end(clock.nanos());
    current = null;
    if (timer != null) {
      timer.cancel(false);
    }
    onEnd.accept(tenure);
    if (leaving != null) {
      leaving.complete(null);
    }
  }

  /**
   * Tells the store that this node leaves, so that it is granted nothing more. The lease is renewed
   * while it lasts, but no other is asked for. A registration that is not answered yet is waited
   * for: else the store would grant sections to a process that is gone.
   *
   * @return completed on the control thread once the store knows, or the tenure is over; at once
   *     without a tenure and without a registration on its way
   */
  public CompletableFuture<Void> leave() {
    become(Life.LEAVING);
    CompletableFuture<Void> known = new CompletableFuture<>();
    Tenure tenure = current;
    leaving = known;
    if (tenure != null) {
      renew(tenure);
    } else if (!mayBeRegistered()) {
      known.complete(null);
    }
    return known;
  }

  /** Stops renewing, and ends the tenure under way. */
  public void close() {
    become(Life.CLOSED);
    Tenure tenure = current;
    problem = "the node is shutting down";
    if (tenure != null) {
      end(tenure);
    } else if (timer != null) {
      timer.cancel(false);
    }
  }
}
