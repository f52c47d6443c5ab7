package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.alloc.ManualControl;
import java.util.ArrayList;
import java.util.List;
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
}
