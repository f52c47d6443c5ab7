package dev.ratchet.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifetimeTest {
  private final List<String> stopped = new ArrayList<>();
  private final Lifetime lifetime = Lifetime.untilClosed();

  private void add(String name) {
    AutoCloseable part = () -> stopped.add(name);
    lifetime.add(name, part);
  }

  @Test
  void partsStopLastToFirstAndOnce() {
    add("store");
    add("alloc");
    add("router");
    lifetime.close();
    lifetime.close();
    assertEquals(List.of("router", "alloc", "store"), stopped);
  }

  @Test
  void onePartThatFailsDoesNotKeepTheOthersUp() {
    add("store");
    lifetime.add(
        "alloc",
        (AutoCloseable)
            () -> {
              throw new IllegalStateException("on purpose");
            });
    add("router");
    lifetime.close();
    assertEquals(List.of("router", "store"), stopped);
  }

  @Test
  void whatComesAfterTheStopIsStoppedAtOnce() {
    lifetime.close();
    add("late");
    assertEquals(List.of("late"), stopped);
  }
}
