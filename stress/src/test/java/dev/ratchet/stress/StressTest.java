package dev.ratchet.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Runs every jcstress test of this module, in a JVM of its own, with little time for each. {@code
 * -Djcstress.millis=N} gives each more.
 */
class StressTest {
  private static final Pattern FAILED = Pattern.compile("\\[FAILED] (\\S+)");
  private static final Pattern PASSED =
      Pattern.compile("All remaining tests: (\\d+) matching test results");
  private static final int MILLIS = Integer.getInteger("jcstress.millis", 100);

  /** All that may fail, and must. */
  private static final Set<String> CONTROLS =
      Set.of("dev.ratchet.stress.BrokenControls.CounterWithoutCompareAndSet");

  @Test
  void nothingForbiddenIsSeenButInTheControl() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "jcstress"));
    Path output = folder.resolve("output.txt");
    Process process = start(folder, output);
    boolean ended = process.waitFor(20, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output);
    assertTrue(ended, () -> "it did not end; see " + output.toAbsolutePath());

    Set<String> failed = new TreeSet<>();
    Matcher failures = FAILED.matcher(text);
    while (failures.find()) {
      failed.add(failures.group(1));
    }
    assertEquals(new TreeSet<>(CONTROLS), failed, () -> "see " + output.toAbsolutePath());
    assertTrue(text.contains("Error tests: No matches."), () -> "see " + output.toAbsolutePath());
    Matcher passed = PASSED.matcher(text);
    assertTrue(passed.find(), () -> "no summary in " + output.toAbsolutePath());
    assertEquals(testsOfThisModule() - CONTROLS.size(), Integer.parseInt(passed.group(1)));
    System.out.printf("jcstress: %s tests passed, the control was found%n", passed.group(1));
  }

  private static Process start(Path folder, Path output) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.openjdk.jcstress.Main", "-f", "1", "-fsm", "1", "-sc", "false"));
    command.addAll(List.of("-af", "NONE", "-iters", "1", "-time", String.valueOf(MILLIS)));
    command.addAll(List.of("-strideCount", "10", "-hs", "128", "-jvmArgs", "-XX:+UseSerialGC"));
    command.addAll(List.of("-r", "report/"));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static long testsOfThisModule() throws IOException {
    Path list = Path.of("target", "test-classes", "META-INF", "TestList");
    try (var lines = Files.lines(list)) {
      return lines.filter(line -> !line.isBlank()).count();
    }
  }
}
