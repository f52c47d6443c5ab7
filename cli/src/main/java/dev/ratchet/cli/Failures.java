package dev.ratchet.cli;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Tells the user of errors, in one line where one does. */
final class Failures {
  private Failures() {}

  /** Prints what a command died of, and says how the process ends. */
  static ExitCode report(Throwable failure, boolean traces, PrintWriter err) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    ExitCode exit = tell(cause, err);
    if (traces) {
      failure.printStackTrace(err);
    }
    err.flush();
    return exit;
  }

  private static ExitCode tell(Throwable cause, PrintWriter err) {
    if (cause instanceof CliException known) {
      err.println("ratchet: " + known.getMessage());
      return known.exit();
    }
    if (cause instanceof RatchetException answer) {
      err.println("ratchet: " + answer.getMessage() + advice(answer.code()));
      return ExitCode.of(answer.code());
    }
    if (cause instanceof IOException) {
      err.println("ratchet: " + (cause.getMessage() == null ? cause : cause.getMessage()));
      return ExitCode.FAILED;
    }
    err.println("ratchet: unexpected " + cause + "; --verbose shows where. This is a bug.");
    return ExitCode.FAILED;
  }

  private static String advice(ErrorCode code) {
    if (!code.isDefinite()) {
      return " [" + code + ": it may have happened; a number may have been used up]";
    }
    return " [" + code + (code.isRetryable() ? ": it did not happen; try again]" : "]");
  }
}
