package dev.ratchet.alloc.barrier;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.alloc.lease.Lease;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.window.QueuedControl;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Calls that ask for a barrier on event loops while the control thread sends one. */
public class BarrierStress {
  /** Counts the answers to a call. */
  private static final class Heard implements Barrier.Answer {
    final AtomicInteger confirmed = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();

    @Override
    public void confirmed(Set<SectionRef> stale) {
      confirmed.incrementAndGet();
    }

    @Override
    public void failed(ErrorCode code, String message) {
      failed.incrementAndGet();
    }

    int both() {
      return confirmed.get() + 10 * failed.get();
    }
  }

  /** A node whose store confirms everything. */
  private static class Node {
    final QueuedControl control = new QueuedControl();
    final Tenure tenure = new Tenure(new Lease(7, 1_000, 0));
    final Heard one = new Heard();
    final Heard two = new Heard();
    final Barrier barrier;

    Node(int maxWaiting) {
      SectionExit exit = new SectionExit(new WaitingRoom(10), new Quiescence(List.of(), control));
      barrier =
          new Barrier(
              request -> CompletableFuture.completedFuture(new ConfirmReply(List.of())),
              control,
              exit,
              maxWaiting,
              lost -> {});
    }

    final void confirm(Heard heard) {
      barrier.confirm(tenure, List.of(new SectionEpoch(1, 0, 3)), 100, heard);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both were confirmed, once.")
  @Outcome(expect = FORBIDDEN, desc = "A call waits for ever, or was answered twice.")
  @State
  public static class TwoCalls extends Node {
    public TwoCalls() {
      super(10);
    }

    @Actor
    public void loop() {
      confirm(one);
    }

    @Actor
    public void control() {
      confirm(two);
      control.run();
    }

    @Arbiter
    public void after(II_Result r) {
      control.run();
      r.r1 = one.both();
      r.r2 = two.both();
    }
  }

  @JCStressTest
  @Outcome(id = "1, 10", expect = ACCEPTABLE, desc = "The first call had the place.")
  @Outcome(id = "10, 1", expect = ACCEPTABLE, desc = "The second call had the place.")
  @Outcome(expect = FORBIDDEN, desc = "The bound was exceeded, or both were refused.")
  @State
  public static class ThePlaceOfOne extends Node {
    public ThePlaceOfOne() {
      super(1);
    }

    @Actor
    public void one() {
      confirm(one);
    }

    @Actor
    public void two() {
      confirm(two);
    }

    @Arbiter
    public void after(II_Result r) {
      control.run();
      r.r1 = one.both();
      r.r2 = two.both();
    }
  }

  /** Both are on the control thread; only the call comes from elsewhere. */
  @JCStressTest
  @Outcome(id = "1, 10", expect = ACCEPTABLE, desc = "It was confirmed.")
  @Outcome(id = "10, 10", expect = ACCEPTABLE, desc = "It expired with the other.")
  @Outcome(expect = FORBIDDEN, desc = "It was answered twice, or never.")
  @State
  public static class ACallAgainstExpiry extends Node {
    public ACallAgainstExpiry() {
      super(10);
      confirm(two);
    }

    @Actor
    public void loop() {
      confirm(one);
    }

    @Actor
    public void control() {
      barrier.expire(200);
      control.run();
    }

    @Arbiter
    public void after(II_Result r) {
      control.run();
      r.r1 = one.both();
      r.r2 = two.both();
    }
  }
}
