package dev.ratchet.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On an event loop whose time stands still until the test moves it. */
class WaitingRoomTest {
  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final List<SequenceCall> left = new ArrayList<>();
  private final Set<SequenceCall> ready = new HashSet<>();
  private long now = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(10); // it will overflow
  private final WaitingRoom room =
      new WaitingRoom(loop.eventLoop(), () -> now, ready::contains, left::add);

  @BeforeEach
  void freeze() {
    loop.freezeTime();
  }

  @AfterEach
  void close() {
    loop.finishAndReleaseAll();
  }

  private SequenceCall waiting(long millis) {
    SequenceCall call =
        new SequenceCall("n", new byte[0], 1) {
          @Override
          protected void done() {
            throw new AssertionError("this call goes nowhere");
          }
        };
    call.wakeAtNanos = now + TimeUnit.MILLISECONDS.toNanos(millis);
    room.add(call);
    loop.runPendingTasks();
    return call;
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(1);
      loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      loop.runPendingTasks();
    }
  }

  @Test
  void callsLeaveWhenTheirTimeComes() {
    SequenceCall late = waiting(30);
    SequenceCall early = waiting(8);
    pass(7);
    assertEquals(List.of(), left);
    pass(1 + WaitingRoom.TICK_MILLIS);
    assertEquals(List.of(early), left);
    pass(30);
    assertEquals(List.of(early, late), left);
    assertEquals(-1, loop.runScheduledPendingTasks()); // no timer runs for an empty room
  }

  @Test
  void callsLeaveWhenTheyAreReady() {
    SequenceCall first = waiting(1_000);
    SequenceCall second = waiting(1_000);
    ready.add(second);
    room.recheck();
    loop.runPendingTasks();
    assertEquals(List.of(second), left);
    ready.add(first);
    room.recheck();
    loop.runPendingTasks();
    assertEquals(List.of(second, first), left);
  }

  @Test
  void whatIsReadyOnArrivalDoesNotWait() {
    SequenceCall call =
        new SequenceCall("n", new byte[0], 1) {
          @Override
          protected void done() {
            throw new AssertionError("this call goes nowhere");
          }
        };
    call.wakeAtNanos = now + TimeUnit.SECONDS.toNanos(1);
    ready.add(call);
    room.add(call);
    loop.runPendingTasks();
    assertEquals(List.of(call), left);
  }

  @Test
  void aClosedRoomKeepsNobody() {
    SequenceCall before = waiting(1_000);
    room.close();
    loop.runPendingTasks();
    SequenceCall after = waiting(1_000);
    assertEquals(List.of(before, after), left);
  }
}
