package dev.ratchet.alloc;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that everything about ownership happens on. A task that fails is a fault of this
 * program: it is logged, where a plain executor would keep it to itself. Tasks that come after the
 * shutdown, such as answers of the store to a node that is gone, are dropped: nothing is left to
 * decide.
 */
final class ControlThread extends ScheduledThreadPoolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);

  ControlThread(String name) {
    super(1, new DefaultThreadFactory(name, true), new DiscardPolicy());
    setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    setRemoveOnCancelPolicy(true);
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
    super.afterExecute(task, thrown);
    Throwable failure = thrown;
    if (failure == null && task instanceof Future<?> future && future.isDone()) {
      failure = failureOf(future);
    }
    if (failure != null) {
      LOG.error("a task of the control thread failed", failure);
    }
  }

  private static @Nullable Throwable failureOf(Future<?> done) {
    try {
      done.get();
      return null;
    } catch (CancellationException e) {
      return null; // a timer that was not needed any more
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
