package dev.ratchet.store.raft;

/**
 * Keeps Bolt from setting up logging of its own: it fails on newer versions of Logback with a stack
 * trace, else writes files in the home folder, and warns of every connection opened or closed. What
 * goes wrong between members, Raft itself logs.
 */
final class BoltLogs {
  private static final String OFF = "sofa.middleware.log.disable";
  private static final String CONSOLE_LEVEL = "sofa.middleware.log.internal.level";

  private BoltLogs() {}

  /** Silences Bolt, unless the process was started with the property that says otherwise. */
  static void silence() {
    if (System.getProperty(OFF) == null) {
      System.setProperty(OFF, "true");
      System.setProperty(CONSOLE_LEVEL, "ERROR");
    }
  }
}
