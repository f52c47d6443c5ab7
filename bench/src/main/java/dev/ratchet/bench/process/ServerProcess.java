package dev.ratchet.bench.process;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server as a process of its own, with its output in a file. Thread-safe. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration STOP_BOUND = Duration.ofSeconds(15);
  private static final int TAIL_LINES = 15;

  /** Clock ticks a second in {@code /proc}, on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final Path PROC = Path.of("/proc");

  private final String name;
  private final Process process;
  private final Path output;
  private final Runnable ended;

  ServerProcess(String name, Process process, Path output, Runnable ended) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.ended = ended;
  }

  /** What it is called in the report. */
  public String name() {
    return name;
  }

  /** Its command line as the kernel has it, so with what the JVM of a script was given. */
  public List<String> commandLine() throws IOException {
    Path file = PROC.resolve(process.pid() + "/cmdline");
    if (!Files.isReadable(file)) {
      return List.of(process.info().commandLine().orElse(name));
    }
    return List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0", 0));
  }

  /** Seconds of processor time that it has used, or 0 where the system doesn't tell. */
  public double cpuSeconds() throws IOException {
    Path file = PROC.resolve(process.pid() + "/stat");
    if (!Files.isReadable(file)) {
      return 0;
    }
    String line = Files.readString(file);
    // The name stands in parentheses and may hold blanks; user and system time are 14th and 15th.
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until a line of its output contains a text, and gives the line.
   *
   * @throws CliException with its last lines when it ends before, or takes too long
   */
  public String awaitLine(String text, Duration bound) throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      for (String line : lines()) {
        if (line.contains(text)) {
          return line;
        }
      }
      if (!alive) {
        throw failure("ended while it started");
      }
      if (System.nanoTime() - deadline >= 0) {
        throw failure("was not ready after " + bound.toSeconds() + " s");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private List<String> lines() throws IOException {
    return Files.exists(output)
        ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  private CliException failure(String what) throws IOException {
    List<String> all = lines();
    List<String> tail = all.subList(Math.max(0, all.size() - TAIL_LINES), all.size());
    String said =
        tail.isEmpty() ? "it wrote nothing" : "its last lines:\n  " + String.join("\n  ", tail);
    return new CliException(ExitCode.FAILED, name + " " + what + "; " + said);
  }

  /** Asks it to stop, waits, and ends it by force after {@link #STOP_BOUND}. */
  @Override
  public void close() {
    process.destroy();
    boolean interrupted = !awaitEnd(STOP_BOUND);
    if (process.isAlive()) {
      process.destroyForcibly();
      interrupted |= !awaitEnd(STOP_BOUND);
    }
    ended.run();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when this thread was interrupted meanwhile. */
  private boolean awaitEnd(Duration bound) {
    try {
      process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Ends it at once. */
  void kill() {
    process.destroyForcibly();
  }
}
