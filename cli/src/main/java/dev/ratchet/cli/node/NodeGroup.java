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

  private final List<CompletableFuture<RunningNode>> nodes = new CopyOnWriteArrayList<>();

  /** Starts one node. */
  @FunctionalInterface
  public interface Start {
    RunningNode start() throws IOException;
  }

  /** Begins to start a node, on a thread of its own. */
  public void start(Start start) {
    CompletableFuture<RunningNode> node = new CompletableFuture<>();
    nodes.add(node);
    run(
        "start",
        () -> {
          try {
            node.complete(start.start());
          } catch (IOException | RuntimeException e) {
            node.completeExceptionally(e);
          }
        });
  }

  /**
   * Waits until all run.
   *
   * @throws IOException that the first of those that failed died of
   */
  public List<RunningNode> await() throws IOException {
    List<RunningNode> running = new ArrayList<>();
    for (CompletableFuture<RunningNode> node : nodes) {
      try {
        running.add(node.join());
      } catch (CompletionException e) {
        throw e.getCause() instanceof IOException io
            ? io
            : new IOException("a node failed to start: " + e.getCause(), e.getCause());
      }
    }
    return running;
  }

  /** Stops all that run or are about to. */
  @Override
  public void close() {
    List<CompletableFuture<?>> stops = new ArrayList<>();
    for (CompletableFuture<RunningNode> node : nodes) {
      CompletableFuture<?> stopped = new CompletableFuture<>();
      stops.add(stopped);
      run("stop", () -> stop(node, stopped));
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

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
