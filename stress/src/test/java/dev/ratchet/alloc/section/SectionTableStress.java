package dev.ratchet.alloc.section;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.proto.key.Namespace;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Look-ups of sections, and of the last measurement, against the control thread. */
public class SectionTableStress {
  private static final Namespace STRING = Namespace.string("s", 4, 10).withId(2);

  private static Section granted(long epoch) {
    return Section.granted(STRING, 1, epoch, 0, 10, new CounterMemory(1 << 20));
  }

  private static long epoch(SectionTable table) {
    Section section = table.get(STRING.id(), 1);
    return section == null ? 0 : section.epoch() + section.take(5, 1) - section.last(5);
  }

  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both looks were before the grant.")
  @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "The grant was between the looks.")
  @Outcome(id = "3, 3", expect = ACCEPTABLE, desc = "Both looks were after the grant.")
  @Outcome(expect = FORBIDDEN, desc = "A section was seen half made, or vanished.")
  @State
  public static class AFirstGrant {
    private final SectionTable table = new SectionTable();

    @Actor
    public void grant() {
      table.put(granted(3));
    }

    @Actor
    public void look(JJ_Result r) {
      r.r1 = epoch(table);
      r.r2 = epoch(table);
    }
  }

  @JCStressTest
  @Outcome(id = "3, 3", expect = ACCEPTABLE, desc = "Both looks were before the next grant.")
  @Outcome(id = "3, 4", expect = ACCEPTABLE, desc = "The grant was between the looks.")
  @Outcome(id = "4, 4", expect = ACCEPTABLE, desc = "Both looks were after the next grant.")
  @Outcome(expect = FORBIDDEN, desc = "The former section removed its successor, or came back.")
  @State
  public static class TheNextGrantOfASection {
    private final SectionTable table = new SectionTable();
    private final Section former = granted(3);

    public TheNextGrantOfASection() {
      table.put(former);
    }

    @Actor
    public void control() {
      table.put(granted(4));
      table.remove(former);
    }

    @Actor
    public void look(JJ_Result r) {
      r.r1 = epoch(table);
      r.r2 = epoch(table);
    }
  }

  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both looks were before the measurement.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The measurement was between the looks.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both looks were after the measurement.")
  @Outcome(expect = FORBIDDEN, desc = "A measurement that is half there.")
  @State
  public static class TheLatestMeasurement {
    private final LoadMeter meter = new LoadMeter(0);

    @Actor
    public void measure() {
      meter.measure(List.of(), 1_000);
    }

    @Actor
    public void look(JJ_Result r) {
      r.r1 = number();
      r.r2 = number();
    }

    private long number() {
      LoadMeter.Load latest = meter.latest();
      return latest.number() + latest.rate() + latest.busiest().size();
    }
  }
}
