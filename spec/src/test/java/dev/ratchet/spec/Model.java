package dev.ratchet.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A configuration of the specification, and how it must end. Its first line says so: {@code \*
 * Holds, with at least N states.} or {@code \* Violates NAME.}
 *
 * @param name folder and file without its ending
 * @param file the configuration
 * @param violates the invariant that must break, empty if all must hold
 * @param leastStates fewer distinct states would mean that the model lost its steps
 * @param dropped rules left out
 */
record Model(String name, Path file, String violates, long leastStates, Set<String> dropped) {
  /** Counting makes TLC several times slower, and the small models take every step. */
  private static final long MOST_STATES_TO_COUNT = 20_000;

  private static final Pattern HOLDS =
      Pattern.compile("\\\\\\* Holds, with at least (\\d+) states\\.");
  private static final Pattern VIOLATES = Pattern.compile("\\\\\\* Violates (\\w+)\\.");
  private static final Pattern DROPPED = Pattern.compile("(?m)^ *Dropped = \\{(.*)}$");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  /** All models of a folder, in the order of their names. */
  static List<Model> in(String name) throws IOException {
    Path folder = Path.of(name);
    List<Model> models = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".cfg")).sorted().toList()) {
        models.add(of(name + "/" + file.getFileName().toString().replace(".cfg", ""), file));
      }
    }
    return models;
  }

  private static Model of(String name, Path file) throws IOException {
    String text = Files.readString(file, UTF_8);
    String first = text.lines().findFirst().orElse("");
    Matcher holds = HOLDS.matcher(first);
    Matcher violates = VIOLATES.matcher(first);
    Matcher dropped = DROPPED.matcher(text);
    boolean isNegative = violates.matches();
    if (isNegative == holds.matches() || !dropped.find()) {
      throw new IllegalStateException(
          file + " doesn't say in its first line how it must end, or has no line Dropped = {...}");
    }
    return new Model(
        name,
        file,
        isNegative ? violates.group(1) : "",
        isNegative ? 0 : Long.parseLong(holds.group(1)),
        quoted(dropped.group(1)));
  }

  /** The strings of a TLA+ text. */
  static Set<String> quoted(String text) {
    Set<String> all = new TreeSet<>();
    Matcher quoted = QUOTED.matcher(text);
    while (quoted.find()) {
      all.add(quoted.group(1));
    }
    return all;
  }

  boolean isNegative() {
    return !violates.isEmpty();
  }

  /** Whether TLC is to count how often each step is taken. */
  boolean countsSteps() {
    return !isNegative() && leastStates <= MOST_STATES_TO_COUNT;
  }

  /** What is wrong with the way it ended; empty if nothing is. */
  String problemWith(Outcome outcome) {
    if (isNegative()) {
      return outcome.exit() == Outcome.VIOLATION && outcome.violated().equals(violates)
          ? ""
          : "must violate " + violates + ", but " + outcome;
    }
    if (outcome.exit() != 0 || !outcome.isComplete()) {
      return "must hold, but " + outcome;
    }
    return outcome.states() >= leastStates
        ? ""
        : "must have at least " + leastStates + " states, but " + outcome;
  }
}
