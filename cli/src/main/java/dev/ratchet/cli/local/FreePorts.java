package dev.ratchet.cli.local;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds ports of the loopback interface that nobody listens on. They are taken below the range that
 * systems give to outgoing connections, so that none of those can sit on a saved port later.
 */
public final class FreePorts {
  /** Lowest port chosen. */
  public static final int FIRST = 20_000;

  /** Highest port chosen. */
  public static final int LAST = 29_999;

  private FreePorts() {}

  /** As many different free ports as asked for, next to each other where possible. */
  public static List<Integer> find(int count, RandomGenerator random) {
    List<Integer> found = new ArrayList<>();
    int span = LAST - FIRST + 1;
    int start = random.nextInt(span);
    for (int tried = 0; tried < span && found.size() < count; tried++) {
      int port = FIRST + (start + tried) % span;
      if (isFree(port)) {
        found.add(port);
      }
    }
    if (found.size() < count) {
      throw new CliException(
          ExitCode.FAILED,
          "only " + found.size() + " of " + count + " ports are free in " + FIRST + "-" + LAST);
    }
    return found;
  }

  /** Whether a server could listen on this port of loopback now. */
  public static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      // As the servers do: connections of a former life that linger don't count.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
