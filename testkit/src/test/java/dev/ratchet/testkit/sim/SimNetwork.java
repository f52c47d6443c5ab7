package dev.ratchet.testkit.sim;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What lies between processes: delay always; loss, cuts one way or both, slow links, messages that
 * come twice or overtake each other when a fault says so. A connection keeps its order otherwise,
 * as TCP does.
 */
final class SimNetwork {
  private static final long LEAST_DELAY = TimeUnit.MICROSECONDS.toNanos(80);
  private static final double MEAN_DELAY = TimeUnit.MICROSECONDS.toNanos(250);

  private final SimScheduler scheduler;
  private final SplittableRandom random;
  private final int size;
  private final int[] cuts;
  private final long[] extraDelay;
  private final long[] lastArrival;
  private final List<Set<Pending<?>>> pendingAt = new ArrayList<>();
  private double loss;
  private double twice;
  private double overtaking;

  /** {@code size}: most processes there will be. */
  SimNetwork(SimScheduler scheduler, int size) {
    this.scheduler = scheduler;
    this.random = scheduler.random("network");
    this.size = size;
    this.cuts = new int[size * size];
    this.extraDelay = new long[size * size];
    this.lastArrival = new long[size * size];
    for (int i = 0; i < size; i++) {
      pendingAt.add(new LinkedHashSet<>());
    }
  }

  /** Where one side's answer to a call goes; the first one counts. */
  interface Reply<R> extends Consumer<R> {
    void fail(RatchetException error);
  }

  /** What a called process does with a call. */
  interface Service<R> {
    /** A {@link RatchetException} thrown is the answer. */
    void serve(Reply<R> reply);
  }

  /** A call that was delivered and is not answered yet. */
  private record Pending<R>(
      SimProcess from, long life, SimProcess to, CompletableFuture<R> future) {}

  private int link(SimProcess from, SimProcess to) {
    return from.index() * size + to.index();
  }

  /** Whether messages get from one to the other. */
  boolean carries(SimProcess from, SimProcess to) {
    return cuts[link(from, to)] == 0;
  }

  /** Whether both can hear each other and run. */
  boolean areInTouch(SimProcess a, SimProcess b) {
    return a.isRunning() && b.isRunning() && carries(a, b) && carries(b, a);
  }

  /** Adds or takes away one reason why nothing gets from one to the other. */
  void cut(SimProcess from, SimProcess to, boolean on) {
    cuts[link(from, to)] += on ? 1 : -1;
  }

  void slow(SimProcess from, SimProcess to, long nanos) {
    extraDelay[link(from, to)] = nanos;
  }

  void lose(double probability) {
    loss = probability;
  }

  void duplicate(double probability) {
    twice = probability;
  }

  void overtake(double probability) {
    overtaking = probability;
  }

  /** Sends a message; it may never arrive. */
  void send(SimProcess from, SimProcess to, String what, Runnable arrive) {
    if (!carries(from, to) || (loss > 0 && random.nextDouble() < loss)) {
      return;
    }
    int link = link(from, to);
    long delay = LEAST_DELAY + (long) (-Math.log(1 - random.nextDouble()) * MEAN_DELAY);
    long arrival = scheduler.now() + delay + extraDelay[link];
    boolean overtakes = overtaking > 0 && random.nextDouble() < overtaking;
    if (overtakes) {
      arrival += (long) (random.nextDouble() * 50 * MEAN_DELAY);
    } else {
      arrival = Math.max(arrival, lastArrival[link]);
      lastArrival[link] = arrival;
    }
    scheduler.after(
        arrival - scheduler.now(),
        what,
        () -> {
          if (carries(from, to)) {
            arrive.run();
          }
        });
  }

  /**
   * One attempt of a call, as the production code's connections make it. The future completes in
   * the calling process, or never if that one dies.
   *
   * @param again whether the network may deliver it twice
   */
  <R> CompletableFuture<R> call(
      SimProcess from,
      SimProcess to,
      String what,
      long timeoutMillis,
      boolean again,
      Service<R> service) {
    CompletableFuture<R> future = new CompletableFuture<>();
    SimScheduler.Event timeout =
        scheduler.after(
            from.trueNanos(TimeUnit.MILLISECONDS.toNanos(timeoutMillis)),
            "timeout",
            from,
            () ->
                future.completeExceptionally(
                    error(ErrorCode.TIMEOUT, to + " did not answer in time")));
    future.whenComplete((reply, failure) -> timeout.cancel());
    Pending<R> pending = new Pending<>(from, from.life(), to, future);
    send(from, to, what, () -> arrive(pending, what, service));
    if (again && twice > 0 && random.nextDouble() < twice) {
      scheduler.after(
          (long) (random.nextDouble() * 1e9),
          "twice",
          () -> send(from, to, what, () -> arrive(pending, what, service)));
    }
    return future;
  }

  private <R> void arrive(Pending<R> call, String what, Service<R> service) {
    SimProcess to = call.to();
    if (!to.isAlive()) {
      answer(call, () -> fail(call, ErrorCode.UNAVAILABLE, "can't connect to " + to));
      return;
    }
    pendingAt.get(to.index()).add(call);
    scheduler.after(0, what, to, () -> serve(call, service));
  }

  private <R> void serve(Pending<R> call, Service<R> service) {
    Reply<R> reply =
        new Reply<>() {
          @Override
          public void accept(R value) {
            answer(call, () -> call.future().complete(value));
          }

          @Override
          public void fail(RatchetException error) {
            answer(call, () -> call.future().completeExceptionally(error));
          }
        };
    try {
      service.serve(reply);
    } catch (RatchetException e) {
      reply.fail(e);
    }
  }

  private <R> void answer(Pending<R> call, Runnable complete) {
    SimProcess from = call.from();
    pendingAt.get(call.to().index()).remove(call);
    send(
        call.to(),
        from,
        "answer",
        () -> {
          // An answer to a process that died is no answer to the next.
          if (from.isLife(call.life())) {
            scheduler.after(0, "answered", from, complete);
          }
        });
  }

  /** A process died: whoever waits for its answer may see the connection break. */
  void broke(SimProcess process) {
    Set<Pending<?>> lost = pendingAt.get(process.index());
    for (Pending<?> call : new ArrayList<>(lost)) {
      answer(call, () -> fail(call, ErrorCode.CONNECTION_LOST, process + " went away"));
    }
    lost.clear();
  }

  private static void fail(Pending<?> call, ErrorCode code, String message) {
    call.future().completeExceptionally(error(code, message));
  }

  static RatchetException error(ErrorCode code, String message) {
    return new RatchetException(code, message);
  }

  /** Ends every fault. */
  void heal() {
    java.util.Arrays.fill(cuts, 0);
    java.util.Arrays.fill(extraDelay, 0);
    loss = 0;
    twice = 0;
    overtaking = 0;
  }
}
