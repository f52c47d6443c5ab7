package dev.ratchet.proto.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.Hello;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** What the tests of connections share: loops, test calls, and waits that have an end. */
final class Rpc implements AutoCloseable {
  /** Answers with what it was told. */
  static final Call<Hello, Hello> ECHO = new Call<>(200, "echo", Hello.SCHEMA, Hello.SCHEMA);

  /** Answers with bytes. */
  static final Call<Hello, HandoverReply> BYTES =
      new Call<>(201, "bytes", Hello.SCHEMA, HandoverReply.SCHEMA);

  /** Longer than any test takes, so that only what a test says ends a call. */
  static final long LONG = TimeUnit.MINUTES.toMillis(5);

  final EventLoops loops = new EventLoops("rpc-test", 2);

  RpcServer serve(UnaryOperator<RpcServer.Builder> calls) throws IOException {
    return calls.apply(RpcServer.builder(() -> 0)).bind(loops, new HostPort("127.0.0.1", 0));
  }

  RpcServer echo() throws IOException {
    return serve(b -> b.on(ECHO, (hello, context) -> context.reply(hello)));
  }

  RpcConnection connect(int port) {
    return get(
        RpcConnection.connect(loops, new HostPort("127.0.0.1", port), () -> 0, version -> {}));
  }

  RpcPeer peer(int port) {
    return new RpcPeer(loops, new HostPort("127.0.0.1", port), () -> 0, version -> {});
  }

  /** The value, within a deadline. */
  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(RawSocket.DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed with " + e.getCause(), e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no end in time", e);
    }
  }

  /** The error, which must be of the closed set. */
  static RatchetException failure(CompletableFuture<?> future) {
    ExecutionException error =
        assertThrows(
            ExecutionException.class,
            () -> future.get(RawSocket.DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
    return assertInstanceOf(RatchetException.class, error.getCause());
  }

  static RatchetException assertFails(ErrorCode code, CompletableFuture<?> future) {
    RatchetException error = failure(future);
    assertEquals(code, error.code(), () -> String.valueOf(error.getMessage()));
    return error;
  }

  @Override
  public void close() {
    loops.close();
  }
}
