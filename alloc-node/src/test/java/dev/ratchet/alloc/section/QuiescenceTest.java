package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.alloc.ManualControl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class QuiescenceTest {
  private final ManualControl first = new ManualControl();
  private final ManualControl second = new ManualControl();
  private final ManualControl control = new ManualControl();
  private final Quiescence quiescence = new Quiescence(List.of(first, second), control);

  @Test
  void whatComesNextWaitsUntilEachLoopHasComeRound() {
    List<String> log = new ArrayList<>();
    first.execute(() -> log.add("a call that was inside"));
    quiescence.then(() -> log.add("next"));
    control.run();
    second.run();
    control.run();
    assertEquals(List.of(), log);
    first.run();
    assertEquals(List.of("a call that was inside"), log);
    control.run();
    assertEquals(List.of("a call that was inside", "next"), log);
  }

  @Test
  void itRunsOnce() {
    List<String> log = new ArrayList<>();
    quiescence.then(() -> log.add("next"));
    for (int i = 0; i < 3; i++) {
      first.run();
      second.run();
      control.run();
    }
    assertEquals(List.of("next"), log);
  }

  /** Answers of the store may still come while the node is being closed. */
  @Test
  void aLoopThatHasEndedHasNoCallInside() {
    Executor ended =
        task -> {
          throw new RejectedExecutionException("ended");
        };
    List<String> log = new ArrayList<>();
    new Quiescence(List.of(ended, first), control).then(() -> log.add("next"));
    control.run();
    assertEquals(List.of(), log);
    first.run();
    control.run();
    assertEquals(List.of("next"), log);
  }
}
