package dev.ratchet.store;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Loopback addresses that nobody listens on. */
public final class FreePorts {
  private FreePorts() {}

  /** So many different ones. */
  public static List<HostPort> take(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<HostPort> free = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        free.add(new HostPort("127.0.0.1", socket.getLocalPort()));
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
    return free;
  }
}
