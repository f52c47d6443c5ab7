package dev.ratchet.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process for sure: its id together with when it began, so that another process that later got
 * the same id is never taken for it.
 *
 * @param pid process id
 * @param birth when it began: on Linux the ticks since boot and the boot's id, which no change of
 *     the clock moves; elsewhere the wall clock's milliseconds
 */
record ProcessIdentity(long pid, String birth) {
  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");

  /** The fields of {@code /proc/PID/stat} after the process name, by index: state is 0. */
  private static final int STAT_STATE = 0;

  private static final int STAT_START = 19;

  /** The process that has this id now, if there is one. */
  static Optional<ProcessIdentity> of(long pid) {
    if (Files.isReadable(BOOT_ID)) {
      return stat(pid)
          .filter(fields -> !"Z".equals(fields[STAT_STATE]) && !"X".equals(fields[STAT_STATE]))
          .map(fields -> new ProcessIdentity(pid, fields[STAT_START] + "@" + bootId()));
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().startInstant())
        .map(start -> new ProcessIdentity(pid, Long.toString(start.toEpochMilli())));
  }

  /** Whether this very process lives. */
  boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /** Whether it lives and is stopped by a signal; known on Linux only. */
  boolean isPaused() {
    return isAlive()
        && stat(pid)
            .map(fields -> fields[STAT_STATE])
            .filter(state -> state.equals("T"))
            .isPresent();
  }

  private static Optional<String[]> stat(long pid) {
    try {
      String line = Files.readString(PROC.resolve(pid + "/stat"));
      // The name stands in parentheses and may hold anything, parentheses too.
      return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // The process ended while its file was read.
      return Optional.empty();
    }
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("can't read " + BOOT_ID, e);
    }
  }
}
