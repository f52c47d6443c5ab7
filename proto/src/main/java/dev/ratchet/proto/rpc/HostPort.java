package dev.ratchet.proto.rpc;

/** A host and port. */
public record HostPort(String host, int port) {

  /**
   * Reads {@code HOST:PORT}.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + text + "' is no HOST:PORT");
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("'" + text + "': the port must be 0 to 65535");
      }
      return new HostPort(text.substring(0, colon), port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no HOST:PORT", e);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
