package dev.ratchet.testkit.system;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers issued of each key, with when each call began and ended. For a counter that may skip,
 * linearizable means exactly this: every number is unique, and of two calls the one that began
 * after the other had ended got the larger number.
 */
final class History {
  private final Map<String, List<Issue>> byKey = new TreeMap<>();

  /** One number, and the time between question and answer. */
  record Issue(long number, long began, long ended) {}

  void add(String key, Issue issue) {
    byKey.computeIfAbsent(key, none -> new ArrayList<>()).add(issue);
  }

  void addAll(History other) {
    other.byKey.forEach(
        (key, issues) -> byKey.computeIfAbsent(key, none -> new ArrayList<>()).addAll(issues));
  }

  int size() {
    return byKey.values().stream().mapToInt(List::size).sum();
  }

  /** The largest number of a key, 0 for none. */
  long last(String key) {
    return byKey.getOrDefault(key, List.of()).stream().mapToLong(Issue::number).max().orElse(0);
  }

  /** Every breach of the contract, in words; empty when it holds. */
  List<String> breaches() {
    List<String> breaches = new ArrayList<>();
    byKey.forEach((key, issues) -> check(key, issues, breaches));
    return breaches;
  }

  private static void check(String key, List<Issue> issues, List<String> breaches) {
    List<Issue> rising = new ArrayList<>(issues);
    rising.sort(Comparator.comparingLong(Issue::number));
    Issue latest = null;
    Issue before = null;
    for (Issue issue : rising) {
      if (before != null && before.number == issue.number) {
        breaches.add(key + ": " + issue.number + " was issued twice: " + before + " " + issue);
      } else if (latest != null && issue.ended < latest.began) {
        breaches.add(key + " went back: " + issue + " ended before " + latest + " began");
      }
      latest = latest == null || issue.began > latest.began ? issue : latest;
      before = issue;
    }
  }
}
