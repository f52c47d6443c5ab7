package dev.ratchet.testkit.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged {@code ratchet} command, run as a user runs it: in a process of its own. */
final class RatchetCommand {
  /** Longer than any command takes on a machine that is busy with something else. */
  static final Duration BOUND = Duration.ofSeconds(150);

  private static final Path JAR =
      Path.of(System.getProperty("ratchet.home", ".."), "cli", "target", "ratchet.jar");

  /** How a command ended. */
  record Result(int exit, String out, String err) {
    /** The output of a command that must have succeeded. */
    String ok() {
      assertEquals(0, exit, () -> "exit code; it wrote: " + out + err);
      return out;
    }
  }

  private RatchetCommand() {}

  /** Starts it; its output goes to the files {@code NAME.out} and {@code NAME.err}. */
  static Process start(Path folder, String name, List<String> words) throws IOException {
    assertTrue(Files.exists(JAR), JAR + " is missing; `./mvnw verify` packages it first");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-jar", JAR.toString()));
    line.addAll(words);
    Files.createDirectories(folder);
    return new ProcessBuilder(line)
        .redirectOutput(folder.resolve(name + ".out").toFile())
        .redirectError(folder.resolve(name + ".err").toFile())
        .start();
  }

  /** Runs it to its end. */
  static Result run(Path folder, String... words) throws IOException, InterruptedException {
    String name = "command-" + System.nanoTime();
    Process process = start(folder, name, List.of(words));
    if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          String.join(" ", words) + " did not end; it wrote: " + read(folder, name + ".err"));
    }
    return new Result(
        process.exitValue(), read(folder, name + ".out"), read(folder, name + ".err"));
  }

  static String read(Path folder, String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.exists(path) ? Files.readString(path, UTF_8) : "";
  }
}
