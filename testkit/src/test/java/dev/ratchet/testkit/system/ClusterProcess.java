package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** {@code ratchet cluster}: a process for each node. */
final class ClusterProcess implements AutoCloseable {
  private final Path folder;
  private final Path dir;
  private final Ready ready;

  private ClusterProcess(Path folder, Path dir, Ready ready) {
    this.folder = folder;
    this.dir = dir;
    this.ready = ready;
  }

  /** Starts a new one: three zones, three allocation nodes, two routers. */
  static ClusterProcess start(Path folder) throws IOException, InterruptedException {
    Path dir = folder.resolve("cluster");
    try {
      String out = RatchetCommand.run(folder, "cluster", "start", "--dir=" + dir).ok();
      return new ClusterProcess(folder, dir, Ready.of(out));
    } catch (AssertionError | IOException | InterruptedException e) {
      killAll(dir);
      throw e;
    }
  }

  List<HostPort> resp() {
    return ready.resp();
  }

  HostPort nativePort() {
    return ready.nativePort();
  }

  /**
   * Ends the nodes' processes together and at once, without the delay of a command.
   *
   * @return when the last was ended, in nanoseconds of this JVM's clock
   */
  long kill(String... nodes) throws IOException, InterruptedException {
    List<ProcessHandle> processes = new ArrayList<>();
    for (String node : nodes) {
      processes.add(process(dir.resolve(node).resolve("pid")));
    }
    processes.forEach(ProcessHandle::destroyForcibly);
    long ended = System.nanoTime();
    for (ProcessHandle process : processes) {
      try {
        process.onExit().get(RatchetCommand.BOUND.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError(process + " does not end", e);
      }
    }
    return ended;
  }

  /** Starts nodes again, and waits until they are ready. */
  void restart(String... nodes) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("cluster", "restart", "--dir=" + dir));
    words.addAll(List.of(nodes));
    RatchetCommand.run(folder, words.toArray(String[]::new)).ok();
  }

  /** Stops all gracefully. */
  void stop() throws IOException, InterruptedException {
    RatchetCommand.run(folder, "cluster", "stop", "--dir=" + dir).ok();
  }

  /** Kills every process. */
  void killAll() throws IOException, InterruptedException {
    try (Stream<Path> nodes = Files.list(dir)) {
      var unused =
          kill(
              nodes
                  .filter(node -> Files.exists(node.resolve("pid")))
                  .map(node -> String.valueOf(node.getFileName()))
                  .toArray(String[]::new));
    }
  }

  /** Empties the data folder of a store node that does not run. */
  void wipe(String store) throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve(store).resolve("data"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Runs a command on this cluster, whatever comes of it. */
  RatchetCommand.Result command(String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(words));
    line.add("--dir=" + dir);
    return RatchetCommand.run(folder, line.toArray(String[]::new));
  }

  /** The cluster's folder. */
  Path dir() {
    return dir;
  }

  /** Starts all again, on the same addresses. */
  void startAgain() throws IOException, InterruptedException {
    RatchetCommand.run(folder, "cluster", "start", "--dir=" + dir).ok();
  }

  @Override
  public void close() throws IOException {
    killAll(dir);
  }

  private static void killAll(Path dir) throws IOException {
    if (!Files.isDirectory(dir)) {
      return;
    }
    try (Stream<Path> nodes = Files.list(dir)) {
      for (Path node : nodes.toList()) {
        Path pid = node.resolve("pid");
        if (Files.exists(pid)) {
          ProcessHandle.of(pid(pid))
              .filter(ClusterProcess::isOurs)
              .ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    }
  }

  private static ProcessHandle process(Path pidFile) throws IOException {
    ProcessHandle process = ProcessHandle.of(pid(pidFile)).orElseThrow();
    assertTrue(isOurs(process), () -> pidFile + " names " + process.info());
    return process;
  }

  private static long pid(Path pidFile) throws IOException {
    return Long.parseLong(Files.readString(pidFile).strip().split(" ", -1)[0]);
  }

  private static boolean isOurs(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("java");
  }
}
