package dev.ratchet.jepsen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code ./ratchet jepsen}, as anybody runs it: a real cluster is broken, and the contract holds.
 */
class HarnessSystemTest {
  private static final Path HOME =
      Path.of(System.getProperty("ratchet.home", "..")).toAbsolutePath().normalize();

  /** Longer than a run may take on a machine that is busy with other things. */
  private static final int BOUND_MINUTES = 10;

  private static final int SECONDS = 100;

  /** One run, and what is left of it. */
  private record Run(int exitCode, String said, Path folder) {}

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static boolean hasFaketime() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
      return folders.anyMatch(
          folder -> Files.exists(folder.resolve("faketime/libfaketimeMT.so.1")));
    }
  }

  private static Run run(String... options) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(HOME.resolve("jepsen/target/runs"));
    Path run = Files.createTempDirectory(folder, "run");
    Path said = Files.createTempFile(folder, "said", ".txt");
    List<String> command = new ArrayList<>(List.of(HOME.resolve("ratchet").toString(), "jepsen"));
    command.addAll(List.of("--out", run.toString(), "--name", "rtjtest7"));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("RATCHET_BUILD", "never");
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(BOUND_MINUTES, TimeUnit.MINUTES), () -> command + " does not end");
      return new Run(process.exitValue(), Files.readString(said, UTF_8), run);
    } finally {
      process.destroy();
    }
  }

  @Test
  void theContractHoldsUnderKillsPausesPartitionsAndClocks()
      throws IOException, InterruptedException {
    List<String> options =
        new ArrayList<>(List.of("--time", "" + SECONDS, "--zones", "3", "--seed", "20261127"));
    if (isRoot() && hasFaketime()) {
      options.addAll(List.of("--faults", "kill,pause,partition,clock"));
    } else if (isRoot()) {
      System.err.println("SKIPPED: clocks of HarnessSystemTest need libfaketime");
      options.addAll(List.of("--faults", "kill,pause,partition"));
    } else {
      System.err.println(
          "SKIPPED: partitions of HarnessSystemTest need root; nodes are on loopback");
      options.addAll(List.of("--loopback", "--faults", "kill,pause"));
    }
    Run run = run(options.toArray(String[]::new));
    assertEquals(0, run.exitCode, run.said);
    for (String file : List.of("history.edn", "results.edn", "schedule.edn", "index.html")) {
      assertTrue(Files.size(run.folder.resolve(file)) > 0, file);
    }
  }
}
