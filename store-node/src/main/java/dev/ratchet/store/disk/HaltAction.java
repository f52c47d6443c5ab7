package dev.ratchet.store.disk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a node that can't go on being right: it must stop answering at once, since a replica that
 * skips an entry or loses a write gives wrong answers for ever after.
 */
@FunctionalInterface
public interface HaltAction {
  /** Exit status of a halted process; a supervisor may restart it. */
  int EXIT_STATUS = 70;

  /** Halts for a reason that says what happened, where, and what to do. */
  void halt(String why, @Nullable Throwable cause);

  /** Logs why and ends the process, with no shutdown hooks: nothing more may be written. */
  static HaltAction process() {
    Logger log = LoggerFactory.getLogger(HaltAction.class);
    return (why, cause) -> {
      log.error("the store node halts: {}", why, cause);
      Runtime.getRuntime().halt(EXIT_STATUS);
    };
  }
}
