package dev.ratchet.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs TLC, each time as a process of its own: it keeps its state in static fields and ends with
 * {@code System.exit}.
 */
final class Tlc {
  /** Longer than any model takes on a machine that is busy with something else. */
  private static final Duration BOUND = Duration.ofMinutes(10);

  private final Path folder;
  private final Path jar;

  /** {@code folder}: where states and output go. */
  Tlc(Path folder) {
    this.folder = folder;
    try {
      jar = Path.of(tlc2.TLC.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("TLC's jar can't be found", e);
    }
  }

  /** Checks a module of the working directory under a model. */
  Outcome check(String module, Model model) throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(model.name()));
    Path out = own.resolve("output.txt");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Runs are too short for the second compiler to pay.
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
    line.add("-XX:+ExitOnOutOfMemoryError");
    line.addAll(List.of("-cp", jar.toString(), "tlc2.TLC", "-workers", "1"));
    line.addAll(List.of("-metadir", own.resolve("states").toString()));
    line.addAll(List.of("-config", model.file().toAbsolutePath().toString()));
    if (model.countsSteps()) {
      line.addAll(List.of("-coverage", "60"));
    }
    line.add(module);
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(model.name() + " did not end; it wrote: " + Files.readString(out));
      }
    } finally {
      process.destroyForcibly();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    return Outcome.of(process.exitValue(), Files.readString(out, UTF_8), millis);
  }
}
