package dev.ratchet.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopsTest {
  private static final long MILLI = 1_000_000;

  /** A clock that moves when somebody waits for it, or works. */
  private final AtomicLong now = new AtomicLong();

  private OpenLoop loop(LoadTarget target, long perSecond) {
    return new OpenLoop(target, perSecond, now::get, now::set);
  }

  @Test
  void anOpenLoopCallsAtItsRate() {
    LoadResult result = loop(reply -> reply.done(null), 1_000).run(Duration.ofSeconds(2));
    assertEquals(2_000, result.calls());
    assertEquals(1_000, result.perSecond(), 1);
    assertEquals(0, result.max());
  }

  @Test
  void callsThatAStallHeldUpAreAsLateAsTheyWereDue() {
    AtomicInteger calls = new AtomicInteger();
    LoadTarget stallsOnce =
        reply -> {
          if (calls.getAndIncrement() == 100) {
            now.addAndGet(100 * MILLI);
          }
          reply.done(null);
        };
    LoadResult result = loop(stallsOnce, 1_000).run(Duration.ofSeconds(1));
    assertEquals(1_000, result.calls());
    // One call took 100 ms. The 99 behind it were due meanwhile, 99 to 1 ms before they went out:
    // a tenth of all calls was late, and none but the one would be had they been timed from then.
    assertEquals(100_000, result.max(), 100);
    assertEquals(90_000, result.p99(), 1_000);
    assertEquals(0, result.p50());
  }

  @Test
  void failuresAreCountedApart() {
    AtomicInteger calls = new AtomicInteger();
    IllegalStateException refusal = new IllegalStateException("no");
    LoadTarget refusesEverySecond =
        reply -> reply.done(calls.incrementAndGet() % 2 == 0 ? refusal : null);
    LoadResult result = loop(refusesEverySecond, 100).run(Duration.ofSeconds(1));
    assertEquals(50, result.calls());
    assertEquals(50, result.failures());
    assertThrows(CliException.class, result::allWell);
  }

  @Test
  void aClosedLoopKeepsSoManyUnderWay() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    LoadTarget target =
        reply -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          CompletableFuture.runAsync(
              () -> {
                underWay.decrementAndGet();
                reply.done(null);
              });
        };
    LoadResult result = new ClosedLoop(target, 7).run(Duration.ofMillis(50));
    assertTrue(result.calls() > 0);
    assertTrue(most.get() <= 7, () -> most + " at a time");
    assertEquals(0, underWay.get());
  }

  @Test
  void aClosedLoopEndsWhenAllFails() throws Exception {
    IllegalStateException refusal = new IllegalStateException("no");
    LoadResult result = new ClosedLoop(reply -> reply.done(refusal), 3).run(Duration.ofMinutes(1));
    assertEquals(0, result.calls());
    assertEquals(3, result.failures());
    assertEquals(refusal, result.firstFailure());
  }

  @Test
  void noLoadIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ClosedLoop(reply -> {}, 0));
    assertThrows(IllegalArgumentException.class, () -> new OpenLoop(reply -> {}, 0));
  }
}
