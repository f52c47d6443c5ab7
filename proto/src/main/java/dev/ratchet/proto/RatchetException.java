package dev.ratchet.proto;

/** An error of Ratchet's closed set, with what happened, where, and what to do about it. */
public final class RatchetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String hint;

  public RatchetException(ErrorCode code, String message) {
    this(code, message, "");
  }

  /**
   * {@code hint}: a machine-readable help, such as the leader's address of {@link
   * ErrorCode#NOT_LEADER}; may be empty.
   */
  public RatchetException(ErrorCode code, String message, String hint) {
    // No stack trace: these are answers, made at the rate of calls, not faults of this process.
    super(message, null, false, false);
    this.code = code;
    this.hint = hint;
  }

  /** What happened, where, and what to do; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  public ErrorCode code() {
    return code;
  }

  public String hint() {
    return hint;
  }

  /** The exception itself, or {@link ErrorCode#INTERNAL} around what else a call may die of. */
  public static RatchetException of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof java.util.concurrent.CompletionException
            || cause instanceof java.util.concurrent.ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof RatchetException known
        ? known
        : new RatchetException(ErrorCode.INTERNAL, String.valueOf(cause));
  }
}
