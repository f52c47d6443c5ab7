package dev.ratchet.cli.cluster;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.local.FreePorts;
import dev.ratchet.proto.rpc.HostPort;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One node of a local cluster as a process. A signal goes to the very process that was started,
 * never to one that has its id by chance. Not thread-safe; the cluster's folder is locked around
 * it.
 */
final class LocalNode {
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration PORT_BOUND = Duration.ofSeconds(5);

  private final ClusterNode node;
  private final NodeFolder folder;

  LocalNode(ClusterNode node, NodeFolder folder) {
    this.node = node;
    this.folder = folder;
  }

  /** What can be said of a node's process. */
  enum State {
    RUNNING,
    /** Stopped by a signal in the middle of what it did. */
    PAUSED,
    /** Not started, or stopped on purpose. */
    STOPPED,
    /** Gone without having been told to stop. */
    DEAD
  }

  ClusterNode node() {
    return node;
  }

  NodeFolder folder() {
    return folder;
  }

  /** Its state now. */
  State state() {
    Optional<ProcessIdentity> process = folder.pid().read();
    if (process.isEmpty()) {
      return State.STOPPED;
    }
    if (!process.get().isAlive()) {
      return State.DEAD;
    }
    return process.get().isPaused() ? State.PAUSED : State.RUNNING;
  }

  boolean isAlive() {
    return process().isPresent();
  }

  /** Its process id, if it lives. */
  Optional<Long> pid() {
    return process().map(ProcessIdentity::pid);
  }

  private Optional<ProcessIdentity> process() {
    return folder.pid().read().filter(ProcessIdentity::isAlive);
  }

  /** A process that was just killed holds its ports for a moment longer than it lives. */
  private static boolean becomesFree(int port) {
    long deadline = System.nanoTime() + PORT_BOUND.toNanos();
    while (!FreePorts.isFree(port)) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    return true;
  }

  /** Starts its process; it is not yet ready when this returns. */
  void start() throws IOException {
    for (HostPort address : node.addresses()) {
      if (!becomesFree(address.port())) {
        throw new CliException(
            ExitCode.FAILED,
            "port "
                + address.port()
                + " of "
                + node.name()
                + " is in use by another process; end that one, or start a cluster in another --dir");
      }
    }
    ProcessBuilder builder =
        new ProcessBuilder(NodeCommandLine.of(node.role(), folder.config(), System.getenv()))
            .directory(folder.path().toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.appendTo(folder.output().toFile()))
            .redirectError(Redirect.appendTo(folder.output().toFile()));
    Process process = builder.start();
    Optional<ProcessIdentity> identity = ProcessIdentity.of(process.pid());
    if (identity.isEmpty()) {
      throw failure("ended as soon as it was started");
    }
    folder.pid().write(identity.get());
  }

  /** Asks it to stop; see {@link #awaitEnd}. A paused one is resumed, so that it can. */
  void terminate() throws IOException, InterruptedException {
    Optional<ProcessIdentity> process = process();
    if (process.isPresent()) {
      signal(process.get(), "TERM");
      signal(process.get(), "CONT");
    }
  }

  /** Waits until its process is gone, and forgets it; false if it still lives after the bound. */
  boolean awaitEnd(Duration bound) throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (isAlive()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    folder.pid().delete();
    return true;
  }

  /** Ends its process at once, as a crash would; its pid file stays, so it counts as dead. */
  void kill() throws IOException, InterruptedException {
    signal(living(), "KILL");
    while (isAlive()) {
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Stops its process in the middle of what it does. */
  void pause() throws IOException, InterruptedException {
    signal(living(), "STOP");
  }

  /** Lets a paused process go on. */
  void resume() throws IOException, InterruptedException {
    signal(living(), "CONT");
  }

  private ProcessIdentity living() {
    return process()
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.FAILED,
                    node.name() + " does not run; `cluster restart` starts it again"));
  }

  private void signal(ProcessIdentity process, String signal)
      throws IOException, InterruptedException {
    if (!process.isAlive()) {
      return;
    }
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start();
    if (kill.waitFor() != 0 && process.isAlive()) {
      throw new CliException(
          ExitCode.FAILED,
          "can't send SIG" + signal + " to " + node.name() + " (pid " + process.pid() + ")");
    }
  }

  /** An error of this node, with the last lines of its output. */
  CliException failure(String what) throws IOException {
    List<String> tail = folder.tail(15);
    return new CliException(
        ExitCode.FAILED,
        node.name()
            + " "
            + what
            + (tail.isEmpty()
                ? "; it wrote nothing"
                : "; the last lines of " + folder.output() + ":\n  " + String.join("\n  ", tail)));
  }
}
