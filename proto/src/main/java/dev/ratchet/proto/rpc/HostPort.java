package dev.ratchet.proto.rpc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host and port. */
public record HostPort(String host, int port) {
  /** Largest port there is. */
  static final int MAX_PORT = 65_535;

  private static final Pattern ADDRESS = Pattern.compile("(.+):([0-9]{1,5})");

  /**
   * Reads {@code HOST:PORT}.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  public static HostPort parse(String text) {
    Matcher address = ADDRESS.matcher(text);
    int port = address.matches() ? Integer.parseInt(address.group(2)) : -1;
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "'" + text + "' is no HOST:PORT with a port of 0 to " + MAX_PORT);
    }
    return new HostPort(address.group(1), port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
