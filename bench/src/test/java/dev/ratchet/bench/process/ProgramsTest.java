package dev.ratchet.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @TempDir Path folder;

  @Test
  void findsTheFirstOfThePath() throws Exception {
    Path second = Files.createDirectories(folder.resolve("second"));
    Path program = Files.createFile(second.resolve("redis-server"));
    assertTrue(program.toFile().setExecutable(true));
    Programs programs = new Programs(folder.resolve("first") + ":" + second);
    assertEquals(program, programs.find("redis-server", "redis-server"));
  }

  @Test
  void whatIsMissingIsNamedWithItsPackage() {
    CliException failure =
        assertThrows(
            CliException.class,
            () -> new Programs(folder.toString()).find("redis-benchmark", "redis-tools"));
    assertTrue(
        String.valueOf(failure.getMessage()).contains("apt-get install redis-tools"),
        failure::toString);
  }

  @Test
  void aServerThatEndsEarlyIsToldWithItsLastLines() throws Exception {
    try (Processes processes = new Processes(folder);
        ServerProcess server =
            processes.start("broken", List.of("sh", "-c", "echo no room; exit 3"), Map.of())) {
      CliException failure =
          assertThrows(CliException.class, () -> server.awaitLine("ready", Duration.ofSeconds(30)));
      assertTrue(String.valueOf(failure.getMessage()).contains("no room"), failure::toString);
    }
  }

  @Test
  void endingAllEndsAServer() throws Exception {
    long pid;
    try (Processes processes = new Processes(folder)) {
      ServerProcess server =
          processes.start("cat", List.of("sh", "-c", "echo ready $X; cat"), Map.of("X", "1"));
      assertEquals("ready 1", server.awaitLine("ready", Duration.ofSeconds(30)));
      processes.note(server);
      assertEquals(1, processes.commandLines().size());
      pid = server.pid();
      assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
    }
    assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void theClassPathIsLeftOutOfTheReport() {
    try (Processes processes = new Processes(folder)) {
      processes.note("floor", List.of("java", "-cp", "a.jar:b.jar", "Main"));
      processes.note("redis", List.of("redis-server", "--save", ""));
      assertEquals(
          List.of("floor: java -cp ... Main", "redis: redis-server --save "),
          processes.commandLines());
    }
  }

  @Test
  void metricsAreAddedUpOverTheirLabels() {
    Metrics metrics =
        new Metrics(
            """
            # HELP numbers_total Numbers
            numbers_total{node="alloc-1"} 5.0
            numbers_total{node="alloc-2"} 7.0
            numbers_total_of_another{node="alloc-2"} 1.0
            plain 3
            """);
    assertEquals(12, metrics.sum("numbers_total"));
    assertEquals(3, metrics.sum("plain"));
    assertEquals(0, metrics.sum("missing"));
  }
}
