package dev.ratchet.cli;

/** An error to tell the user: what happened, where, and what to do. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exit;

  public CliException(ExitCode exit, String message) {
    super(message);
    this.exit = exit;
  }

  public CliException(ExitCode exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  /** How the command ends. */
  public ExitCode exit() {
    return exit;
  }
}
