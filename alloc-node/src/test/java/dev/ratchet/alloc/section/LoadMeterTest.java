package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoadMeterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Namespace USERS = Namespace.uid("users", 99_999, 1_000, 1_000).withId(7);

  private final CounterMemory memory = new CounterMemory(1 << 24);
  private final LoadMeter meter = new LoadMeter(-SECOND);

  private Section section(int index) {
    return Section.granted(USERS, index, 1, 0, 1L << 40, memory);
  }

  private static void take(Section section, int calls, int count, Random random) {
    for (int i = 0; i < calls; i++) {
      long key = section.index() * 1_000L + random.nextInt(1_000);
      assertTrue(section.take(key, count) > 0);
    }
  }

  private static void assertNear(long expected, long measured) {
    assertTrue(Math.abs(measured - expected) < expected / 10, measured + " for " + expected);
  }

  @Test
  void ratesAreCallsASecondWhateverTheyTake() {
    Section quiet = section(1);
    Section busy = section(2);
    Section idle = section(3);
    take(quiet, 20_000, 1, new Random(1));
    take(busy, 40_000, 50, new Random(2));
    meter.measure(List.of(quiet, busy, idle), SECOND); // two seconds
    LoadMeter.Load load = meter.latest();
    assertEquals(1, load.number());
    assertEquals(
        List.of(2, 1), load.busiest().stream().map(SectionRate::section).toList(), "busiest first");
    assertEquals(7, load.busiest().get(0).namespaceId());
    assertNear(20_000, load.busiest().get(0).rate());
    assertNear(10_000, load.busiest().get(1).rate());
    assertNear(30_000, load.rate());
  }

  @Test
  void oneHotKeyIsMeasuredAsWellAsMany() {
    Section section = section(5);
    for (int i = 0; i < 30_000; i++) {
      section.take(5_001, 1);
    }
    meter.measure(List.of(section), 0);
    assertNear(30_000, meter.latest().rate());
  }

  @Test
  void eachMeasurementStartsAnew() {
    Section section = section(1);
    take(section, 20_000, 1, new Random(3));
    meter.measure(List.of(section), 0);
    meter.measure(List.of(section), SECOND);
    assertEquals(new LoadMeter.Load(2, 0, List.of()), meter.latest());
  }

  @Test
  void onlyTheBusiestAreNamedAndAllAreInTheSum() {
    List<Section> sections = new ArrayList<>();
    for (int index = 0; index < 100; index++) {
      Section section = section(index);
      take(section, 1_600 * (1 + index % 2), 1, new Random(index));
      sections.add(section);
    }
    meter.measure(sections, 0);
    LoadMeter.Load load = meter.latest();
    assertEquals(LoadMeter.BUSIEST, load.busiest().size());
    assertNear(240_000, load.rate());
    assertTrue(
        load.busiest().subList(0, 50).stream().allMatch(rate -> rate.section() % 2 == 1),
        load.busiest()::toString);
  }
}
