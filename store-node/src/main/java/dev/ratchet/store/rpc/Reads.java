package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.RpcContext;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for calls that read the table, which may touch the disk and so can't run on an event
 * loop. Bounded: at most {@link #MAX_WAITING} calls wait for them.
 */
final class Reads implements AutoCloseable {
  /** Calls that may wait for a thread. */
  static final int MAX_WAITING = 4_096;

  private static final int THREADS = 2;
  private static final Logger LOG = LoggerFactory.getLogger(Reads.class);

  private final ThreadPoolExecutor threads;

  Reads(String name) {
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Runs what answers a call, and answers with what it throws. */
  void run(RpcContext<?> context, Runnable answering) {
    run(context::fail, answering);
  }

  /** Runs what answers a call; {@code fail} answers with what it throws. */
  void run(Consumer<RatchetException> fail, Runnable answering) {
    try {
      threads.execute(() -> guard(fail, answering));
    } catch (RejectedExecutionException e) {
      fail.accept(
          new RatchetException(
              ErrorCode.OVERLOADED,
              threads.isShutdown()
                  ? "the store node is closing; ask another"
                  : MAX_WAITING + " reads already wait in this store node; try again later"));
    }
  }

  private static void guard(Consumer<RatchetException> fail, Runnable answering) {
    try {
      answering.run();
    } catch (RatchetException e) {
      fail.accept(e);
    } catch (RuntimeException e) {
      // The caller must not wait for its timeout for a fault of this node.
      LOG.error("a read failed", e);
      fail.accept(
          new RatchetException(ErrorCode.INTERNAL, "the store node failed on a read: " + e));
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
