package dev.ratchet.cli.config;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong in one file, all of it. Not thread-safe. */
public final class Problems {
  private final Path file;
  private final List<String> lines = new ArrayList<>();
  private final Set<String> fields = new HashSet<>();

  public Problems(Path file) {
    this.file = file;
  }

  /** Notes what is wrong with a field; the reason says what is allowed. */
  public void add(String field, String reason) {
    fields.add(field);
    lines.add(file + ": " + field + ": " + reason);
  }

  /** Notes what is wrong with the file as a whole. */
  public void add(String reason) {
    lines.add(file + ": " + reason);
  }

  /**
   * Whether something is known to be wrong with this field, or with a part of it; list elements are
   * named without their index.
   */
  boolean isUnder(String field) {
    return fields.stream().anyMatch(known -> isPart(known.replaceAll("\\[\\d+\\]", ""), field));
  }

  private static boolean isPart(String known, String field) {
    return known.equals(field) || known.startsWith(field + ".");
  }

  /** One line a problem: {@code file: field: reason}. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Throws with {@link ExitCode#USAGE} and all lines if there is any. */
  public void throwIfAny() {
    if (!lines.isEmpty()) {
      throw new CliException(ExitCode.USAGE, String.join("\n", lines));
    }
  }
}
