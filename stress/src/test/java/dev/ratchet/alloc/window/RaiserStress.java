package dev.ratchet.alloc.window;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.alloc.lease.Lease;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.lease.Witness;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RaiseResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Raises wanted by event loops while the control thread sends those wanted before. */
public class RaiserStress {
  private static final Namespace STRING = Namespace.string("s", 2, 10).withId(2);

  /** A tenure with two sections, and a store that commits every raise. */
  private static class Node {
    final QueuedControl control = new QueuedControl();
    private final CounterMemory memory = new CounterMemory(1 << 20);
    final Section one = Section.granted(STRING, 0, 3, 0, 10, memory);
    final Section two = Section.granted(STRING, 1, 3, 0, 10, memory);
    final Tenure tenure = new Tenure(new Lease(7, 1_000, 0));
    final Raiser raiser;

    Node() {
      WaitingRoom room = new WaitingRoom(10);
      SectionExit exit = new SectionExit(room, new Quiescence(List.of(), control));
      raiser = new Raiser(Node::commit, new Witness(), control, room, exit, lost -> {});
    }

    private static CompletableFuture<RaiseReply> commit(RaiseRequest request) {
      return CompletableFuture.completedFuture(
          new RaiseReply(request.items().stream().map(Node::committed).toList()));
    }

    private static RaiseResult committed(RaiseItem item) {
      return new RaiseResult(0, item.epoch(), item.target());
    }

    /** Maximum, and a thousand while a raise is in flight. */
    static int state(Section section) {
      return (int) section.maxSeq() + (section.isRaising() ? 1_000 : 0);
    }
  }

  @JCStressTest
  @Outcome(id = "20, 20", expect = ACCEPTABLE, desc = "Both were raised, once.")
  @Outcome(expect = FORBIDDEN, desc = "A wish was lost, or carried out twice.")
  @State
  public static class TwoSections extends Node {
    @Actor
    public void loop() {
      raiser.want(tenure, one, 0);
    }

    @Actor
    public void control() {
      raiser.want(tenure, two, 0);
      control.run();
    }

    @Arbiter
    public void after(II_Result r) {
      control.run();
      r.r1 = state(one);
      r.r2 = state(two);
    }
  }

  /** The second wish may come while the first is in flight, which covers it, or after. */
  @JCStressTest
  @Outcome(id = "20, 10", expect = ACCEPTABLE, desc = "One raise for both wishes.")
  @Outcome(id = "30, 10", expect = ACCEPTABLE, desc = "The second wish came after the first raise.")
  @Outcome(expect = FORBIDDEN, desc = "A section was in two requests, or in none.")
  @State
  public static class OneSection extends Node {
    @Actor
    public void loop() {
      raiser.want(tenure, one, 0);
    }

    @Actor
    public void control() {
      raiser.want(tenure, one, 0);
      control.run();
    }

    @Arbiter
    public void after(II_Result r) {
      control.run();
      r.r1 = state(one);
      r.r2 = state(two);
    }
  }
}
