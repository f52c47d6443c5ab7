package dev.ratchet.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node has opened, to be closed in the opposite order, once. */
final class Resources implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

  @GuardedBy("this")
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @CanIgnoreReturnValue
  synchronized <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      closeOne(opened.pop());
    }
  }

  @SuppressWarnings("InterruptedExceptionSwallowed") // none of the resources throws it
  private static void closeOne(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // One that can't be closed must not keep the others open.
      LOG.warn("{} did not close", resource.getClass().getSimpleName(), e);
    }
  }
}
