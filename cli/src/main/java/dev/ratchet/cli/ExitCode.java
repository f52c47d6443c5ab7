package dev.ratchet.cli;

import dev.ratchet.proto.ErrorCode;

/** How the command ends. The numbers are documented for scripts and never change. */
public enum ExitCode {
  OK(0),
  /** It certainly did not happen, or a check failed. */
  FAILED(1),
  /** Wrong arguments or settings; nothing was tried. */
  USAGE(2),
  /** It may or may not have happened: a number may have been used up. */
  UNKNOWN(3),
  /** It certainly did not happen, and may work when tried again. */
  UNAVAILABLE(4);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process's exit status. */
  public int number() {
    return number;
  }

  /** How a command ends that an error of the protocol ended. */
  public static ExitCode of(ErrorCode code) {
    if (!code.isDefinite()) {
      return UNKNOWN;
    }
    return code.isRetryable() ? UNAVAILABLE : FAILED;
  }
}
