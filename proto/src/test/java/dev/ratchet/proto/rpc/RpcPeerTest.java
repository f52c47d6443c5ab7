package dev.ratchet.proto.rpc;

import static dev.ratchet.proto.rpc.Rpc.ECHO;
import static dev.ratchet.proto.rpc.Rpc.LONG;
import static dev.ratchet.proto.rpc.Rpc.assertFails;
import static dev.ratchet.proto.rpc.Rpc.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.wire.Frame;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connecting, connecting again, and giving up. */
@ExtendWith(LeakWatch.class)
class RpcPeerTest {
  private final Rpc rpc = new Rpc();

  @AfterEach
  void close() {
    rpc.close();
  }

  /** Many peers, since the call must be made before the connection is there. */
  @Test
  void theFirstCallsOfAPeerWaitForItsConnection() throws IOException {
    try (RpcServer server = rpc.echo()) {
      for (int i = 0; i < 50; i++) {
        RpcPeer peer = rpc.peer(server.port());
        List<CompletableFuture<Hello>> calls = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
          calls.add(peer.call(ECHO, new Hello("call " + n), LONG));
        }
        for (int n = 0; n < calls.size(); n++) {
          assertEquals(new Hello("call " + n), get(calls.get(n)));
        }
        peer.close();
      }
    }
  }

  @Test
  void callsShareOneConnection() throws IOException {
    try (RpcServer server = rpc.echo();
        RpcPeer peer = rpc.peer(server.port())) {
      RpcConnection first = get(peer.connection());
      get(peer.call(ECHO, new Hello("x"), LONG));
      assertSame(first, get(peer.connection()));
    }
  }

  @Test
  void aClosedPortIsUnavailableAndNothingWasSent() throws IOException {
    int port = freePort();
    RpcPeer peer = rpc.peer(port);
    RatchetException error =
        assertFails(ErrorCode.UNAVAILABLE, peer.call(ECHO, new Hello("x"), LONG));
    assertTrue(error.code().isDefinite());
    assertTrue(String.valueOf(error.getMessage()).contains("127.0.0.1:" + port));
    assertFails(ErrorCode.UNAVAILABLE, peer.call(ECHO, new Hello("x"), LONG));
  }

  @Test
  void anAddressThatCanNotBeIsUnavailable() {
    RpcPeer noPort = new RpcPeer(rpc.loops, new HostPort("127.0.0.1", 70_000), () -> 0, v -> {});
    assertFails(ErrorCode.UNAVAILABLE, noPort.call(ECHO, new Hello("x"), LONG));
    RpcPeer noHost = new RpcPeer(rpc.loops, new HostPort("no.such.invalid", 1), () -> 0, v -> {});
    assertFails(ErrorCode.UNAVAILABLE, noHost.call(ECHO, new Hello("x"), LONG));
  }

  @Test
  void aPeerConnectsAgainAfterALoss() throws IOException {
    RpcServer first = rpc.echo();
    HostPort address = new HostPort("127.0.0.1", first.port());
    RpcPeer peer = rpc.peer(first.port());
    RpcConnection before = get(peer.connection());
    get(peer.call(ECHO, new Hello("x"), LONG));
    first.close();
    assertLostOrUnavailable(peer);
    assertLostOrUnavailable(peer);
    try (RpcServer second =
        RpcServer.builder(() -> 0)
            .on(ECHO, (hello, context) -> context.reply(hello))
            .bind(rpc.loops, address)) {
      assertEquals(new Hello("again"), get(peer.call(ECHO, new Hello("again"), LONG)));
      assertNotSame(before, get(peer.connection()));
      assertEquals(address.port(), second.port());
    }
    peer.close();
  }

  private static void assertLostOrUnavailable(RpcPeer peer) {
    ErrorCode code = Rpc.failure(peer.call(ECHO, new Hello("x"), LONG)).code();
    assertTrue(code == ErrorCode.CONNECTION_LOST || code == ErrorCode.UNAVAILABLE, code::toString);
  }

  /** A listener whose queue is full leaves a connection attempt hanging, as a lost host does. */
  @Test
  void theWaitForAConnectionEndsWithTheCallsOwnDeadline() throws IOException {
    List<Socket> fill = new ArrayList<>();
    try (ServerSocket full = RawSocket.listen(1)) {
      boolean accepted = true;
      while (accepted && fill.size() < 10) {
        Socket socket = new Socket();
        fill.add(socket);
        accepted = connects(socket, full);
      }
      RpcPeer peer = rpc.peer(full.getLocalPort());
      RatchetException error =
          assertFails(ErrorCode.UNAVAILABLE, peer.call(ECHO, new Hello("x"), 20));
      assertTrue(String.valueOf(error.getMessage()).contains("in time"), error::getMessage);
      peer.close();
    } finally {
      for (Socket socket : fill) {
        socket.close();
      }
    }
  }

  private static boolean connects(Socket socket, ServerSocket full) {
    try {
      socket.connect(full.getLocalSocketAddress(), 300);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void closingWhileItConnectsClosesWhatComes() throws IOException {
    try (ServerSocket server = RawSocket.listen()) {
      RpcPeer peer = rpc.peer(server.getLocalPort());
      CompletableFuture<Hello> call = peer.call(ECHO, new Hello("x"), LONG);
      peer.close();
      try (RawSocket raw = RawSocket.accept(server)) {
        int first = raw.in.read();
        if (first >= 0) {
          raw.in.readNBytes(3 + Frame.HEADER_BYTES + 3);
          assertEquals(-1, raw.in.read());
        }
      }
      ErrorCode code = Rpc.failure(call).code();
      assertTrue(
          code == ErrorCode.UNAVAILABLE || code == ErrorCode.CONNECTION_LOST, code::toString);
      assertFails(ErrorCode.UNAVAILABLE, peer.call(ECHO, new Hello("x"), LONG));
      assertFails(ErrorCode.UNAVAILABLE, peer.connection());
    }
  }

  @Test
  void aClosedPeerStaysClosed() throws IOException {
    try (RpcServer server = rpc.echo()) {
      RpcPeer peer = rpc.peer(server.port());
      get(peer.call(ECHO, new Hello("x"), LONG));
      peer.close();
      assertFails(ErrorCode.UNAVAILABLE, peer.call(ECHO, new Hello("x"), LONG));
      peer.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = RawSocket.listen()) {
      return socket.getLocalPort();
    }
  }
}
