package dev.ratchet.router.resp;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;

/**
 * How Ratchet's errors look to a Redis client. The first word is what programs go by:
 *
 * <table>
 * <caption>Prefixes</caption>
 * <tr><th>prefix</th><th>means</th><th>codes</th></tr>
 * <tr><td>{@code BUSY}</td><td>did not happen; this router or a node has too much to do: slow
 *     down</td><td>{@link ErrorCode#OVERLOADED}</td></tr>
 * <tr><td>{@code TRYAGAIN}</td><td>did not happen; the same command may succeed later</td>
 *     <td>other definite codes that are retryable, such as {@link ErrorCode#UNAVAILABLE}, {@link
 *     ErrorCode#NOT_OWNER}, {@link ErrorCode#LEASE_LOST}, {@link ErrorCode#WINDOW_EXHAUSTED}</td>
 *     </tr>
 * <tr><td>{@code UNKNOWN}</td><td>may have happened: numbers may be used up that nobody was told
 *     of. Sending the command again is safe, and skips them</td><td>codes of unknown outcome, such
 *     as {@link ErrorCode#TIMEOUT}, {@link ErrorCode#CONNECTION_LOST}</td></tr>
 * <tr><td>{@code ERR}</td><td>did not happen, and will not: the command is wrong</td><td>all
 *     others</td></tr>
 * </table>
 */
final class RespErrors {
  private RespErrors() {}

  /** The line that tells a Redis client of an error. */
  static String line(RatchetException error) {
    return prefix(error.code()) + " " + error.getMessage();
  }

  /** The first word of an error of this code. */
  static String prefix(ErrorCode code) {
    if (code == ErrorCode.OVERLOADED) {
      return "BUSY";
    }
    if (!code.isDefinite()) {
      return "UNKNOWN";
    }
    return code.isRetryable() ? "TRYAGAIN" : "ERR";
  }
}
