package dev.ratchet.bench.floor;

import java.io.IOException;

/** The life of a floor's process. */
final class FloorProcess {
  private FloorProcess() {}

  /** The port that the only argument names. */
  static int port(String[] arguments) {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("one argument: the port");
    }
    return Integer.parseInt(arguments[0]);
  }

  /** As many event loops as the router and the allocation node have. */
  static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Says that it serves, and returns when whoever started this process is gone. */
  static void serve(int port) throws IOException {
    System.out.println("ready " + port);
    while (System.in.read() >= 0) {
      // What is written there has no meaning; its end has.
    }
  }
}
