package dev.ratchet.proto.rpc;

import static dev.ratchet.proto.rpc.Rpc.ECHO;
import static dev.ratchet.proto.rpc.Rpc.LONG;
import static dev.ratchet.proto.rpc.Rpc.assertFails;
import static dev.ratchet.proto.rpc.Rpc.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.ErrorReply;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.wire.Frame;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A caller and a server that does what it likes. */
@ExtendWith(LeakWatch.class)
class RpcConnectionTest {
  private final Rpc rpc = new Rpc();
  private ServerSocket server = closedServer();

  private static ServerSocket closedServer() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void listen() throws IOException {
    server = RawSocket.listen();
  }

  @AfterEach
  void close() throws IOException {
    rpc.close();
    server.close();
  }

  @Test
  void aConnectionLostMidCallLeavesTheOutcomeOpen() throws IOException {
    RpcConnection connection = rpc.connect(server.getLocalPort());
    try (RawSocket raw = RawSocket.accept(server)) {
      CompletableFuture<Hello> first = connection.call(ECHO, new Hello("a"), LONG);
      CompletableFuture<Hello> second = connection.call(ECHO, new Hello("b"), LONG);
      Frame request = raw.read();
      raw.read();
      raw.write(new Frame(ECHO.number(), Frame.REPLY, request.correlation(), 0, request.body()));
      assertEquals(new Hello("a"), get(first));
      raw.hangUp();
      assertFails(ErrorCode.CONNECTION_LOST, second);
    }
  }

  @Test
  void aRefusalOfTheConnectionIsTold() throws IOException {
    RpcConnection connection = rpc.connect(server.getLocalPort());
    try (RawSocket raw = RawSocket.accept(server)) {
      CompletableFuture<Hello> call = connection.call(ECHO, new Hello("a"), LONG);
      raw.read();
      byte[] why = ErrorReply.SCHEMA.encode(new ErrorReply(23, "no entry", ""));
      raw.write(new Frame(0, Frame.ERROR, 0, 0, why));
      raw.hangUp();
      RatchetException error = assertFails(ErrorCode.CONNECTION_LOST, call);
      assertTrue(String.valueOf(error.getMessage()).contains("no entry"));
    }
  }

  @Test
  void aServerThatTalksGarbageIsLeft() throws IOException {
    RpcConnection connection = rpc.connect(server.getLocalPort());
    try (RawSocket raw = RawSocket.accept(server)) {
      CompletableFuture<Hello> call = connection.call(ECHO, new Hello("a"), LONG);
      raw.read();
      raw.out.write(new byte[100]);
      assertFails(ErrorCode.CONNECTION_LOST, call);
      assertEquals(-1, raw.in.read());
    }
  }

  @Test
  void aFramePastTheLimitIsNotBuffered() throws IOException {
    RpcConnection connection = rpc.connect(server.getLocalPort());
    try (RawSocket raw = RawSocket.accept(server)) {
      CompletableFuture<Hello> call = connection.call(ECHO, new Hello("a"), LONG);
      raw.read();
      raw.out.writeInt(Limits.MAX_REPLY_BYTES + 1);
      raw.out.writeByte(Frame.VERSION);
      assertFails(ErrorCode.CONNECTION_LOST, call);
    }
  }

  @Test
  void answersThatMakeNoSenseFailTheirOwnCallOnlyWhichMayHaveHappened() throws IOException {
    RpcConnection connection = rpc.connect(server.getLocalPort());
    try (RawSocket raw = RawSocket.accept(server)) {
      assertEquals(ErrorCode.INTERNAL, answered(connection, raw, Frame.REPLY, -1));
      assertEquals(ErrorCode.INTERNAL, answered(connection, raw, Frame.ERROR, -1));
      assertEquals(ErrorCode.INTERNAL, answered(connection, raw, Frame.REQUEST, 1));
      assertEquals(ErrorCode.INTERNAL, answered(connection, raw, 77, 1));
      raw.write(new Frame(ECHO.number(), Frame.REPLY, 123_456, 0, new byte[0]));
      CompletableFuture<Hello> call = connection.call(ECHO, new Hello("a"), LONG);
      Frame request = raw.read();
      raw.write(new Frame(ECHO.number(), Frame.REPLY, request.correlation(), 0, request.body()));
      assertEquals(new Hello("a"), get(call));
    }
  }

  private static ErrorCode answered(RpcConnection connection, RawSocket raw, int type, int broken)
      throws IOException {
    CompletableFuture<Hello> call = connection.call(ECHO, new Hello("a"), LONG);
    Frame request = raw.read();
    byte[] body = broken < 0 ? new byte[] {-1} : request.body();
    raw.write(new Frame(ECHO.number(), type, request.correlation(), 0, body));
    return Rpc.failure(call).code();
  }

  @Test
  void callsInFlightHaveALimit() throws IOException {
    RpcConnection connection = rpc.connect(server.getLocalPort());
    RawSocket raw = RawSocket.accept(server);
    List<CompletableFuture<Hello>> calls = new ArrayList<>();
    for (int i = 0; i < RpcConnection.MAX_IN_FLIGHT; i++) {
      calls.add(connection.call(ECHO, new Hello(""), LONG));
    }
    RatchetException error =
        assertFails(ErrorCode.OVERLOADED, connection.call(ECHO, new Hello(""), LONG));
    assertTrue(error.code().isDefinite());
    assertTrue(calls.stream().noneMatch(CompletableFuture::isDone));
    raw.close();
    for (CompletableFuture<Hello> call : calls) {
      assertFails(ErrorCode.CONNECTION_LOST, call);
    }
  }

  @Test
  void requestsToAServerThatDoesNotReadHaveALimit() throws IOException {
    RpcConnection connection = rpc.connect(server.getLocalPort());
    RawSocket raw = RawSocket.accept(server);
    Hello large = new Hello("x".repeat(Limits.MAX_REQUEST_BYTES / 2));
    List<CompletableFuture<Hello>> calls = new ArrayList<>();
    // Five times the limit, so that what the kernel's own buffers take is surely exceeded.
    for (long sent = 0; sent < 5L * RpcConnection.MAX_UNSENT_BYTES; sent += 1 << 19) {
      calls.add(connection.call(ECHO, large, LONG));
    }
    assertFails(ErrorCode.OVERLOADED, calls.get(calls.size() - 1));
    assertFalse(calls.get(0).isDone());
    raw.close();
    assertFails(ErrorCode.CONNECTION_LOST, calls.get(0));
  }
}
