package dev.ratchet.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallInboxTest {
  private static final class Numbered extends SequenceCall {
    final int thread;

    Numbered(int thread, int number) {
      super("n", new byte[0], number);
      this.thread = thread;
    }

    @Override
    protected void done() {
      throw new AssertionError("this call goes nowhere");
    }
  }

  @Test
  void firstInFirstOutAndOnlyTheFirstWakes() {
    CallInbox inbox = new CallInbox();
    assertNull(inbox.takeAll());
    assertTrue(inbox.offer(new Numbered(0, 1)));
    assertFalse(inbox.offer(new Numbered(0, 2)));
    SequenceCall first = Objects.requireNonNull(inbox.takeAll());
    assertEquals(1, first.count());
    SequenceCall second = Objects.requireNonNull(CallInbox.detach(first));
    assertEquals(2, second.count());
    assertNull(CallInbox.detach(second));
    assertNull(inbox.takeAll());
    assertTrue(inbox.offer(new Numbered(0, 3)));
  }

  @Test
  void nothingIsLostOrReorderedWithinAThreadAndEveryWakeIsNeeded() throws Exception {
    int threads = 4;
    int each = 100_000;
    CallInbox inbox = new CallInbox();
    AtomicInteger wakes = new AtomicInteger();
    List<Thread> writers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  if (inbox.offer(new Numbered(thread, i))) {
                    wakes.incrementAndGet();
                  }
                }
              });
      writers.add(writer);
      writer.start();
    }
    int[] next = new int[threads];
    int taken = 0;
    int rounds = 0;
    while (taken < threads * each) {
      SequenceCall call = inbox.takeAll();
      rounds += call == null ? 0 : 1;
      while (call != null) {
        Numbered numbered = (Numbered) call;
        assertEquals(next[numbered.thread]++, numbered.count());
        taken++;
        call = CallInbox.detach(call);
      }
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(rounds, wakes.get());
  }
}
