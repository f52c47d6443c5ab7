package dev.ratchet.cli.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes of one role in this process: started together, and stopped together, since one that stops
 * alone hands its sections to those that are about to stop. Thread-safe.
 */
public final class NodeGroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeGroup.class);

  private final List<Starting> nodes = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Object> firstFailure = new CompletableFuture<>();

  /** A node and the thread that starts it. */
  private record Starting(CompletableFuture<RunningNode> node, Thread thread) {}

  /** Starts one node. */
  @FunctionalInterface
  public interface Start {
    RunningNode start() throws IOException;
  }

  /** Begins to start a node, on a thread of its own. */
  public void start(Start start) {
    CompletableFuture<RunningNode> node = new CompletableFuture<>();
    Thread thread =
        thread(
            "start",
            () -> {
              try {
                node.complete(start.start());
              } catch (IOException | RuntimeException e) {
                node.completeExceptionally(e);
                firstFailure.completeExceptionally(e);
              }
            });
    nodes.add(new Starting(node, thread));
    thread.start();
  }

  /**
   * Waits until all run, or one has failed: the others may be waiting for it.
   *
   * @throws IOException that the first of those that failed died of
   */
  public List<RunningNode> await() throws IOException {
    CompletableFuture<?>[] all =
        nodes.stream().map(Starting::node).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.anyOf(CompletableFuture.allOf(all), firstFailure).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException("a node failed to start: " + e.getCause(), e.getCause());
    }
    return nodes.stream().map(starting -> starting.node().join()).toList();
  }

  /** Stops all that run or are about to. */
  @Override
  public void close() {
    List<CompletableFuture<?>> stops = new ArrayList<>();
    for (Starting starting : nodes) {
      if (!starting.node().isDone()) {
        starting.thread().interrupt();
      }
      CompletableFuture<?> stopped = new CompletableFuture<>();
      stops.add(stopped);
      thread("stop", () -> stop(starting.node(), stopped)).start();
    }
    stops.forEach(CompletableFuture::join);
  }

  private static void stop(CompletableFuture<RunningNode> node, CompletableFuture<?> stopped) {
    try {
      node.join().close();
    } catch (CompletionException e) {
      LOG.debug("a node that never started needs no stop", e);
    } catch (RuntimeException e) {
      // One node that can't stop must not keep the process from ending.
      LOG.error("stopping a node failed", e);
    } finally {
      stopped.complete(null);
    }
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
