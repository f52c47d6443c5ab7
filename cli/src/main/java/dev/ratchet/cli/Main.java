package dev.ratchet.cli;

/** Entry of {@code ratchet.jar}. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Logs.quiet();
    System.exit(Ratchet.commandLine().execute(arguments));
  }
}
