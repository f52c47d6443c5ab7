package dev.ratchet.alloc.section;

import dev.ratchet.proto.message.SectionRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Measures how busy the sections of a node are, by the calls that they counted since the last
 * measurement. {@link #measure} is for one thread; {@link #latest} for any.
 */
public final class LoadMeter {
  /** Sections named in a measurement; the others are at most as busy as the last of them. */
  public static final int BUSIEST = 64;

  private long measuredAt;
  private volatile Load latest = new Load(0, 0, List.of());

  /**
   * One measurement.
   *
   * @param number counts measurements, from 1; 0 before the first
   * @param rate calls a second that took numbers, of all sections
   * @param busiest at most {@link #BUSIEST} sections, the busiest first
   */
  public record Load(int number, long rate, List<SectionRate> busiest) {}

  public LoadMeter(long nowNanos) {
    measuredAt = nowNanos;
  }

  /** The last measurement. */
  public Load latest() {
    return latest;
  }

  /** Measures from the last time until now. */
  public void measure(List<Section> sections, long nowNanos) {
    long nanos = Math.max(1, nowNanos - measuredAt);
    measuredAt = nowNanos;
    double perSecond = (double) TimeUnit.SECONDS.toNanos(1) / nanos;
    PriorityQueue<SectionRate> most =
        new PriorityQueue<>(Comparator.comparingLong(SectionRate::rate));
    double calls = 0;
    for (Section section : sections) {
      long counted = section.takeCalls();
      if (counted == 0) {
        continue;
      }
      calls += counted;
      long rate = Math.round(counted * perSecond);
      SectionRate least = most.size() < BUSIEST ? null : most.peek();
      if (least == null || rate > least.rate()) {
        if (least != null) {
          most.remove();
        }
        most.add(new SectionRate(section.namespace().id(), section.index(), rate));
      }
    }
    List<SectionRate> busiest = new ArrayList<>(most);
    busiest.sort(Comparator.comparingLong(SectionRate::rate).reversed());
    latest = new Load(latest.number() + 1, Math.round(calls * perSecond), List.copyOf(busiest));
  }
}
