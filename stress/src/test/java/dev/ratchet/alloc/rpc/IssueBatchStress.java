package dev.ratchet.alloc.rpc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.alloc.barrier.Barrier;
import dev.ratchet.alloc.lease.Lease;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.QueuedControl;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.rpc.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** The answers of one request, from two threads: whoever is last sends the reply. */
public class IssueBatchStress {
  /** A request of two keys; its reply is counted, and read, by whoever sends it. */
  private static class Request implements Answer<IssueReply> {
    final QueuedControl control = new QueuedControl();
    final Section section;
    final IssueBatch batch;
    private int replies;
    private long sum;

    Request(boolean strict) {
      Namespace namespace =
          new Namespace(1, "s", dev.ratchet.proto.key.NamespaceKind.STRING, 0, 1, 0, 10, strict);
      section = Section.granted(namespace, 0, 3, 0, 10, new CounterMemory(1 << 20));
      Lease lease = new Lease(7, 1_000, 0);
      lease.renewed(0);
      Barrier barrier =
          new Barrier(
              request -> CompletableFuture.completedFuture(new ConfirmReply(List.of())),
              control,
              new SectionExit(new WaitingRoom(10), new Quiescence(List.of(), control)),
              10,
              lost -> {});
      batch = new IssueBatch(new Tenure(lease), this, () -> 1, v -> List.of(), barrier, 100, 2);
      batch.arrived();
    }

    @Override
    public long callerRouteVersion() {
      return 0;
    }

    @Override
    public void reply(IssueReply reply) {
      replies++;
      reply.results().forEach(result -> sum += result.value());
    }

    @Override
    public void replyEncoded(byte[] reply) {
      reply(IssueReply.SCHEMA.decode(reply));
    }

    @Override
    public void fail(RatchetException error) {
      replies += 100;
    }

    void report(JJ_Result r) {
      control.run();
      r.r1 = replies;
      r.r2 = sum;
    }
  }

  @JCStressTest
  @Outcome(id = "1, 30", expect = ACCEPTABLE, desc = "One reply, with both numbers.")
  @Outcome(expect = FORBIDDEN, desc = "Two replies, none, or one that misses a number.")
  @State
  public static class TwoAnswers extends Request {
    public TwoAnswers() {
      super(false);
    }

    @Actor
    public void one() {
      batch.answer(0, 10, section, false);
    }

    @Actor
    public void two() {
      batch.answer(1, 20, section, false);
    }

    @Arbiter
    public void after(JJ_Result r) {
      report(r);
    }
  }

  /** Each answer notes its section for the barrier; the first makes the list. */
  @JCStressTest
  @Outcome(id = "1, 30", expect = ACCEPTABLE, desc = "One reply, confirmed, with both numbers.")
  @Outcome(expect = FORBIDDEN, desc = "Two replies, none, or one that misses a number.")
  @State
  public static class TwoStrictAnswers extends Request {
    public TwoStrictAnswers() {
      super(true);
    }

    @Actor
    public void one() {
      batch.answer(0, 10, section, false);
    }

    @Actor
    public void two() {
      batch.answer(1, 20, section, false);
    }

    @Arbiter
    public void after(JJ_Result r) {
      report(r);
    }
  }
}
