package dev.ratchet.cli.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.Logs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process runs, and its graceful end: on SIGTERM, Ctrl-C or {@link #close}, parts stop in
 * the opposite order of their start, and a signal then ends the process with exit code 0.
 *
 * <p>Invariants: each part is stopped once; nothing is added after the stop began; a stop that
 * takes longer than {@link #STOP_MILLIS} is cut off. Thread-safe.
 */
public final class Lifetime implements AutoCloseable {
  /**
   * How long a graceful stop may take before the process ends anyway; more than an allocation node
   * waits for a store that does not answer.
   */
  static final long STOP_MILLIS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

  private final CountDownLatch never = new CountDownLatch(1);

  @GuardedBy("this")
  private final Deque<Part> parts = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean stopped;

  private record Part(String name, AutoCloseable part) {}

  private Lifetime() {}

  /** Stops everything when it is closed, and only then. */
  public static Lifetime untilClosed() {
    return new Lifetime();
  }

  /** Stops everything when it is closed, or when the process is told to end. */
  public static Lifetime untilSignal() {
    Lifetime lifetime = new Lifetime();
    Runtime.getRuntime().addShutdownHook(new Thread(lifetime::onShutdown, "stop"));
    return lifetime;
  }

  /** Adds a part; one that comes too late is stopped at once. */
  public <T extends AutoCloseable> T add(String name, T part) {
    synchronized (this) {
      if (!stopped) {
        parts.push(new Part(name, part));
        return part;
      }
    }
    stop(new Part(name, part));
    return part;
  }

  /** Waits for the signal, which ends the process. */
  public void await() throws InterruptedException {
    never.await();
  }

  private void onShutdown() {
    if (begin()) {
      Thread work = new Thread(this::stopParts, "stop-parts");
      work.setDaemon(true);
      work.start();
      // The exit code of a shutdown by signal can only be set by halting.
      Runtime.getRuntime().halt(finishes(work) ? ExitCode.OK.number() : ExitCode.FAILED.number());
    }
  }

  private static boolean finishes(Thread work) {
    try {
      work.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (work.isAlive()) {
      LOG.error("the graceful stop took longer than {} ms; ending anyway", STOP_MILLIS);
    }
    Logs.stop();
    return !work.isAlive();
  }

  /** Stops everything and returns; the process goes on. */
  @Override
  public void close() {
    if (begin()) {
      stopParts();
    }
  }

  private synchronized boolean begin() {
    boolean first = !stopped;
    stopped = true;
    return first;
  }

  private void stopParts() {
    while (true) {
      Part next;
      synchronized (this) {
        next = parts.poll();
      }
      if (next == null) {
        return;
      }
      stop(next);
    }
  }

  private static void stop(Part part) {
    long start = System.nanoTime();
    try {
      part.part.close();
      LOG.info("stopped {} in {} ms", part.name, (System.nanoTime() - start) / 1_000_000);
    } catch (Exception e) {
      // One part that can't stop must not keep the others from it.
      LOG.error("stopping {} failed", part.name, e);
    }
  }
}
