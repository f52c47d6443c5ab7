package dev.ratchet.testkit.system;

import dev.ratchet.proto.rpc.HostPort;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a started cluster is reached.
 *
 * @param resp for Redis clients
 * @param nativePort for native clients
 */
record Ready(List<HostPort> resp, HostPort nativePort) {
  private static final Pattern LINE =
      Pattern.compile("(?m)^ready resp=(\\S+) native=(\\S+) admin=(\\S+)$");

  /** Whether the line was written. */
  static boolean isIn(String output) {
    return LINE.matcher(output).find();
  }

  /** The addresses that the line tells. */
  static Ready of(String output) {
    Matcher line = LINE.matcher(output);
    if (!line.find()) {
      throw new AssertionError("no ready line in: " + output);
    }
    List<HostPort> resp =
        List.of(line.group(1).split(",", -1)).stream().map(HostPort::parse).toList();
    return new Ready(resp, HostPort.parse(line.group(2).split(",", -1)[0]));
  }
}
