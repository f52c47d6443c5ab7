package dev.ratchet.alloc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class ControlThreadTest {
  @Test
  void aTaskThatFailsIsLoggedAndTheNextOnesRun() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(ControlThread.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    logger.setAdditive(false);
    try {
      ControlThread control = new ControlThread("test");
      CompletableFuture<String> next = new CompletableFuture<>();
      control.execute(
          () -> {
            throw new IllegalStateException("on purpose");
          });
      control.execute(() -> next.complete("ran"));
      assertEquals("ran", next.get(10, TimeUnit.SECONDS));
      control.shutdown();
      assertTrue(control.awaitTermination(10, TimeUnit.SECONDS));
      assertEquals(1, log.list.size());
      assertEquals("on purpose", log.list.get(0).getThrowableProxy().getMessage());
    } finally {
      logger.detachAppender(log);
      logger.setAdditive(true);
    }
  }

  @Test
  void whatComesAfterTheShutdownIsDropped() throws Exception {
    ControlThread control = new ControlThread("test");
    control.schedule(() -> {}, 1, TimeUnit.HOURS);
    control.shutdown();
    control.execute(() -> {});
    assertTrue(control.awaitTermination(10, TimeUnit.SECONDS));
  }
}
