package dev.ratchet.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Asks a node's admin port whether it is ready. */
final class AdminProbe {
  private static final int TIMEOUT_MILLIS = 1_000;

  private AdminProbe() {}

  /** Empty when the node is ready, else the reason why not. */
  static String whyNotReady(HostPort admin) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(admin.host(), admin.port()), TIMEOUT_MILLIS);
      String request = "GET /readyz HTTP/1.1\r\nHost: " + admin + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      if (answer.startsWith("HTTP/1.1 200 ")) {
        return "";
      }
      int body = answer.indexOf("\r\n\r\n");
      return body < 0 ? "its admin port answered nothing" : answer.substring(body + 4).strip();
    } catch (IOException e) {
      return "no answer from its admin port " + admin + ": " + e.getMessage();
    }
  }
}
