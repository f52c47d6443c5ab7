package dev.ratchet.bench.process;

import dev.ratchet.cli.local.FreePorts;
import dev.ratchet.proto.rpc.HostPort;
import java.util.List;
import java.util.random.RandomGenerator;

/** Addresses of loopback that nobody listens on. */
final class Ports {
  private static final String HOST = "127.0.0.1";

  private Ports() {}

  static List<HostPort> free(int count) {
    return FreePorts.find(count, RandomGenerator.getDefault()).stream()
        .map(port -> new HostPort(HOST, port))
        .toList();
  }
}
