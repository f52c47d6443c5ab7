package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.local.FreePorts;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** {@code ratchet dev} as a process, over several lives with the same data and ports. */
final class DevProcess implements AutoCloseable {
  private final Path folder;
  private final Path data;
  private final List<Integer> ports = FreePorts.find(3, RandomGenerator.getDefault());
  private final List<Process> lives = new ArrayList<>();

  DevProcess(Path folder) {
    this(folder, folder.resolve("data"));
  }

  /** Its output goes to one folder, its data to another. */
  DevProcess(Path folder, Path data) {
    this.folder = folder;
    this.data = data;
  }

  boolean isAlive() {
    return lives.get(lives.size() - 1).isAlive();
  }

  /** The exit code of a life that is over. */
  int exitCode() {
    return lives.get(lives.size() - 1).exitValue();
  }

  /** What the last life wrote to its standard error. */
  String errors() throws IOException {
    return RatchetCommand.read(folder, "dev-" + (lives.size() - 1) + ".err");
  }

  HostPort resp() {
    return new HostPort("127.0.0.1", ports.get(0));
  }

  HostPort nativePort() {
    return new HostPort("127.0.0.1", ports.get(1));
  }

  /** Starts it and waits until it says that it serves. */
  DevProcess start() throws IOException {
    String name = "dev-" + lives.size();
    Process process =
        RatchetCommand.start(
            folder,
            name,
            List.of(
                "dev",
                "--data=" + data,
                "--resp-port=" + ports.get(0),
                "--port=" + ports.get(1),
                "--admin-port=" + ports.get(2)));
    lives.add(process);
    Await.until(RatchetCommand.BOUND, () -> missing(process, name));
    return this;
  }

  private String missing(Process process, String name) {
    try {
      if (Ready.isIn(RatchetCommand.read(folder, name + ".out"))) {
        return "";
      }
      String wrote = RatchetCommand.read(folder, name + ".err");
      assertTrue(process.isAlive(), () -> "dev ended while it started: " + wrote);
      return "dev is not ready; it wrote: " + wrote;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends it as a crash would. */
  void kill() throws InterruptedException {
    Process process = lives.get(lives.size() - 1);
    process.destroyForcibly();
    assertTrue(process.waitFor(RatchetCommand.BOUND.toSeconds(), TimeUnit.SECONDS));
  }

  /** Asks it to stop, and expects that it says it did. */
  void stop() throws InterruptedException {
    Process process = lives.get(lives.size() - 1);
    process.destroy();
    assertTrue(process.waitFor(RatchetCommand.BOUND.toSeconds(), TimeUnit.SECONDS), "no end");
    assertEquals(0, process.exitValue(), "exit code of a graceful stop");
  }

  @Override
  public void close() {
    lives.forEach(Process::destroyForcibly);
  }
}
