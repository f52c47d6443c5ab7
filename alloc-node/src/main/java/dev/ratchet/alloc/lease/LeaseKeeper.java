package dev.ratchet.alloc.lease;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process registered and its lease renewed. Everything but {@link #current} and {@link
 * #health} happens on the control thread.
 *
 * <p>A lease counts from renewals only, never from the registration: an unanswered registration is
 * repeated, and the store may have applied, and counted from, an earlier one.
 */
public final class LeaseKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  /** Renewals that may be in flight at a time. */
  private static final int MAX_RENEWALS = 4;

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

  private RegisterRequest request;

  private int lastIncarnation;

  /** Completed once the store knows that this node leaves; null while it stays. */
  private @Nullable CompletableFuture<Void> leaving;

  private int renewalsInFlight;
  private @Nullable Future<?> timer;

  /** The keeper's own life. */
  private enum Life {
    NEW,
    REGISTERING,
    HOLDING,
    CLOSED
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
    this.request = identity.apply(newProcess.getAsLong());
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

  /** Starts to register. */
  public void start() {
    control.execute(this::register);
  }

  private void register() {
    if (life == Life.CLOSED) {
      return;
    }
    life = Life.REGISTERING;
    store
        .register(request)
        .whenComplete((reply, failure) -> control.execute(() -> registered(reply, failure)));
  }

  private void registered(@Nullable RegisterReply reply, @Nullable Throwable failure) {
    if (life != Life.REGISTERING) {
      return;
    }
    if (reply == null) {
      retryRegistration(
          RatchetException.of(failure == null ? new IllegalStateException() : failure));
      return;
    }
    if (reply.incarnation() <= lastIncarnation) {
      // Serving an incarnation twice in one process would issue its numbers again.
      throw new IllegalStateException(
          "the store gave incarnation " + reply.incarnation() + " after " + lastIncarnation);
    }
    life = Life.HOLDING;
    lastIncarnation = reply.incarnation();
    long holderNanos = TimeUnit.MILLISECONDS.toNanos(request.holderMillis());
    Lease lease = new Lease(reply.incarnation(), holderNanos, clock.nanos());
    Tenure tenure = new Tenure(lease);
    LOG.info("{} is registered as incarnation {}", request.node(), reply.incarnation());
    current = tenure;
    renewalsInFlight = 0;
    onBegin.accept(tenure);
    renewAndAgain(tenure);
  }

  private void retryRegistration(RatchetException error) {
    String why = "can't register with the store: " + error.getMessage();
    if (!why.equals(problem)) {
      LOG.warn("{}; trying again", why);
    }
    problem = why;
    timer = control.schedule(this::register, renewMillis, TimeUnit.MILLISECONDS);
  }

  private void renewAndAgain(Tenure tenure) {
    if (life != Life.HOLDING || current != tenure) {
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
    store
        .renew(new RenewRequest(tenure.incarnation(), leave != null))
        .whenComplete(
            (reply, failure) ->
                control.execute(() -> renewed(tenure, sentNanos, reply, failure, leave)));
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

  /** The store says that a tenure is over: starts anew, with nothing. */
  public void lost(Tenure tenure) {
    if (current == tenure) {
      LOG.warn("the lease of incarnation {} is over; registering anew", tenure.incarnation());
      problem = "the lease was lost; registering anew";
      end(tenure);
      // A new process number, since the old one would be answered with the incarnation whose memory
      // is gone.
      request = identity.apply(newProcess.getAsLong());
      register();
    }
  }

  private void end(Tenure tenure) {
    tenure.lease().end(clock.nanos());
    current = null;
    if (timer != null) {
      timer.cancel(false);
    }
    onEnd.accept(tenure);
  }

  /**
   * Tells the store that this node leaves, so that it is granted nothing more.
   *
   * @return completed on the control thread once the store knows; at once without a tenure
   */
  public CompletableFuture<Void> leave() {
    CompletableFuture<Void> known = new CompletableFuture<>();
    Tenure tenure = current;
    leaving = known;
    if (tenure == null) {
      known.complete(null);
    } else {
      renew(tenure);
    }
    return known;
  }

  /** Stops renewing, and ends the tenure under way. */
  public void close() {
    life = Life.CLOSED;
    Tenure tenure = current;
    problem = "the node is shutting down";
    if (tenure != null) {
      end(tenure);
    } else if (timer != null) {
      timer.cancel(false);
    }
  }
}
