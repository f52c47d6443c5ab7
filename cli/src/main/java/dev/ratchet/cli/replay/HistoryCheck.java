package dev.ratchet.cli.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a history of calls is what a sequence server promises: for each target every number is
 * given once, and a call made after another returned got a larger number. For a counter that may
 * skip, that is linearizability. Pure.
 *
 * @param repeated the first number found twice, or null
 * @param fallen the first call found with a number not above an earlier one's, or null
 */
public record HistoryCheck(@Nullable String repeated, @Nullable String fallen) {

  /** Checks a history, in any order; one pass over the events of each target. */
  public static HistoryCheck of(List<Issued> history) {
    Map<Integer, List<Issued>> byTarget = new HashMap<>();
    for (Issued issued : history) {
      byTarget.computeIfAbsent(issued.target(), target -> new ArrayList<>()).add(issued);
    }
    String repeated = null;
    String fallen = null;
    for (List<Issued> calls : byTarget.values()) {
      repeated = repeated == null ? findRepeated(calls) : repeated;
      fallen = fallen == null ? findFallen(calls) : fallen;
    }
    return new HistoryCheck(repeated, fallen);
  }

  /** Every number of every target was given once. */
  public boolean unique() {
    return repeated == null;
  }

  /** Numbers of every target rise in real time. */
  public boolean rising() {
    return fallen == null;
  }

  private static @Nullable String findRepeated(List<Issued> calls) {
    Set<Long> seen = new HashSet<>();
    for (Issued call : calls) {
      if (!seen.add(call.number())) {
        return "number " + call.number() + " was given twice";
      }
    }
    return null;
  }

  private static @Nullable String findFallen(List<Issued> calls) {
    List<Issued> byCall = new ArrayList<>(calls);
    byCall.sort(Comparator.comparingLong(Issued::called));
    List<Issued> byReturn = new ArrayList<>(calls);
    byReturn.sort(Comparator.comparingLong(Issued::returned));
    int returned = 0;
    Issued highest = null;
    for (Issued call : byCall) {
      while (returned < byReturn.size() && byReturn.get(returned).returned() < call.called()) {
        Issued earlier = byReturn.get(returned++);
        highest = highest == null || earlier.number() > highest.number() ? earlier : highest;
      }
      if (highest != null && call.number() < highest.number()) {
        return "a call got "
            + call.number()
            + " after another had returned with "
            + highest.number();
      }
    }
    return null;
  }
}
