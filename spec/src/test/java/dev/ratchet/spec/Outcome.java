package dev.ratchet.spec;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a run of TLC ended.
 *
 * @param exit exit code; {@link #VIOLATION} when an invariant broke
 * @param violated the invariant or property that broke, or empty
 * @param isComplete whether all states were looked at, and no error was found
 * @param states distinct states
 * @param actions actions that were taken at least once, if the run counted them
 * @param millis how long it took
 * @param output all that it wrote
 */
record Outcome(
    int exit,
    String violated,
    boolean isComplete,
    long states,
    Set<String> actions,
    long millis,
    String output) {
  /** TLC's exit code for a violation of safety. */
  static final int VIOLATION = 12;

  private static final Pattern VIOLATED =
      Pattern.compile("(?:Invariant|Action property) (\\w+) is violated");
  private static final Pattern STATES = Pattern.compile("(\\d+) distinct states found");
  private static final Pattern ACTION =
      Pattern.compile(
          "(?m)^<(\\w+) line \\d+, col \\d+ to line \\d+, col \\d+ of module \\w+[^>\\n]*>: (\\d+):(\\d+)");

  static Outcome of(int exit, String output, long millis) {
    Matcher violated = VIOLATED.matcher(output);
    Matcher found = STATES.matcher(output);
    long states = 0;
    while (found.find()) {
      states = Long.parseLong(found.group(1));
    }
    Set<String> actions = new TreeSet<>();
    Matcher action = ACTION.matcher(output);
    while (action.find()) {
      if (Long.parseLong(action.group(3)) > 0) {
        actions.add(action.group(1));
      }
    }
    return new Outcome(
        exit,
        violated.find() ? violated.group(1) : "",
        output.contains("Model checking completed. No error has been found."),
        states,
        actions,
        millis,
        output);
  }

  @Override
  public String toString() {
    String how = violated.isEmpty() ? "violated nothing" : "violated " + violated;
    return "TLC ended with " + exit + ", " + how + ", with " + states + " states:\n" + output;
  }
}
