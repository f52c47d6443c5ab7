package dev.ratchet.client;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/** Calls handed to a link's event loop. */
public class CallInboxStress {
  private static final class Call extends SequenceCall {
    Call(int number) {
      super("s", new byte[0], number);
    }

    @Override
    protected void done() {
      throw new AssertionError("it was never sent");
    }
  }

  /** The counts of the calls taken, as digits in their order. */
  private static int takeAll(CallInbox inbox) {
    int digits = 0;
    @Nullable SequenceCall next = inbox.takeAll();
    while (next != null) {
      digits = digits * 10 + next.count();
      next = CallInbox.detach(next);
    }
    return digits;
  }

  @JCStressTest
  @Outcome(id = "1, 0, 12", expect = ACCEPTABLE, desc = "The first thread wakes the reader.")
  @Outcome(id = "0, 1, 21", expect = ACCEPTABLE, desc = "The second thread wakes the reader.")
  @Outcome(expect = FORBIDDEN, desc = "A call was lost, or the reader is woken twice or never.")
  @State
  public static class TwoOffers {
    private final CallInbox inbox = new CallInbox();

    @Actor
    public void one(III_Result r) {
      r.r1 = inbox.offer(new Call(1)) ? 1 : 0;
    }

    @Actor
    public void two(III_Result r) {
      r.r2 = inbox.offer(new Call(2)) ? 1 : 0;
    }

    @Arbiter
    public void after(III_Result r) {
      r.r3 = takeAll(inbox);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0, 0, 12", expect = ACCEPTABLE, desc = "Taken before both; one wakes.")
  @Outcome(id = "1, 1, 1, 2", expect = ACCEPTABLE, desc = "Taken between; both wake.")
  @Outcome(id = "1, 0, 12, 0", expect = ACCEPTABLE, desc = "Taken after both; one wakes.")
  @Outcome(expect = FORBIDDEN, desc = "A call is left that nobody is woken for, or out of order.")
  @State
  public static class TwoOffersAgainstTheReader {
    private final CallInbox inbox = new CallInbox();

    @Actor
    public void offer(IIII_Result r) {
      r.r1 = inbox.offer(new Call(1)) ? 1 : 0;
      r.r2 = inbox.offer(new Call(2)) ? 1 : 0;
    }

    @Actor
    public void take(IIII_Result r) {
      r.r3 = takeAll(inbox);
    }

    @Arbiter
    public void after(IIII_Result r) {
      r.r4 = takeAll(inbox);
    }
  }
}
