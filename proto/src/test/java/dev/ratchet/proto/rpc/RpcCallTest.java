package dev.ratchet.proto.rpc;

import static dev.ratchet.proto.rpc.Rpc.BYTES;
import static dev.ratchet.proto.rpc.Rpc.ECHO;
import static dev.ratchet.proto.rpc.Rpc.LONG;
import static dev.ratchet.proto.rpc.Rpc.assertFails;
import static dev.ratchet.proto.rpc.Rpc.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.Hello;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls between a client and a server of ours over loopback. */
@ExtendWith(LeakWatch.class)
class RpcCallTest {
  private static final int MANY = 2_000;

  private final Rpc rpc = new Rpc();

  @AfterEach
  void close() {
    rpc.close();
  }

  @Test
  void pipelinedCallsAreAnsweredInAnyOrderEachWithItsOwn() throws IOException {
    List<Runnable> answers = Collections.synchronizedList(new ArrayList<>());
    RpcServer server =
        rpc.serve(
            b ->
                b.on(
                    ECHO,
                    (hello, context) -> {
                      answers.add(() -> context.reply(hello));
                      if (answers.size() == MANY) {
                        Collections.shuffle(answers);
                        answers.forEach(Runnable::run);
                      }
                    }));
    RpcConnection connection = rpc.connect(server.port());
    List<CompletableFuture<Hello>> calls = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      calls.add(connection.call(ECHO, new Hello("call " + i), LONG));
    }
    for (int i = 0; i < MANY; i++) {
      assertEquals(new Hello("call " + i), get(calls.get(i)));
    }
    server.close();
  }

  @Test
  void callsFromManyThreadsKeepApart() throws IOException {
    try (RpcServer server = rpc.echo();
        RpcPeer peer = rpc.peer(server.port())) {
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        String name = "thread " + t + " call ";
        threads.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 300; i++) {
                    assertEquals(
                        new Hello(name + i), get(peer.call(ECHO, new Hello(name + i), LONG)));
                  }
                }));
      }
      threads.forEach(Rpc::get);
    }
  }

  @Test
  void aCallWithoutAnAnswerTimesOutAndMayHaveHappened() throws IOException {
    BlockingQueue<RpcContext<Hello>> held = new LinkedBlockingQueue<>();
    try (RpcServer server = rpc.serve(b -> b.on(ECHO, (hello, context) -> held.add(context)));
        RpcConnection connection = rpc.connect(server.port())) {
      RatchetException error =
          assertFails(ErrorCode.TIMEOUT, connection.call(ECHO, new Hello("late"), 1));
      assertFalse(error.code().isDefinite());
      assertTrue(String.valueOf(error.getMessage()).contains("127.0.0.1:" + server.port()));

      CompletableFuture<Hello> next = connection.call(ECHO, new Hello("next"), LONG);
      next(held).reply(new Hello("answer nobody waits for"));
      next(held).reply(new Hello("answer"));
      assertEquals(new Hello("answer"), get(next));
    }
  }

  @Test
  void eachCallEndsAtItsOwnDeadlineWhateverOrderTheyCameIn() throws IOException {
    BlockingQueue<RpcContext<Hello>> held = new LinkedBlockingQueue<>();
    try (RpcServer server = rpc.serve(b -> b.on(ECHO, (hello, context) -> held.add(context)));
        RpcConnection connection = rpc.connect(server.port())) {
      CompletableFuture<Hello> patient = connection.call(ECHO, new Hello("patient"), LONG);
      for (int millis : new int[] {40, 1, 200, 20}) {
        assertFails(ErrorCode.TIMEOUT, connection.call(ECHO, new Hello("hasty"), millis));
      }
      List<String> ended = new CopyOnWriteArrayList<>();
      List<CompletableFuture<Hello>> together = new ArrayList<>();
      for (int millis : new int[] {900, 30, 35}) {
        CompletableFuture<Hello> call = connection.call(ECHO, new Hello("x"), millis);
        together.add(call.whenComplete((reply, failure) -> ended.add(millis + " ms")));
      }
      together.forEach(call -> assertFails(ErrorCode.TIMEOUT, call));
      assertEquals("900 ms", ended.get(2), "the first two ended while it went on: " + ended);
      assertFalse(patient.isDone());
      next(held).reply(new Hello("at last"));
      assertEquals(new Hello("at last"), get(patient));
    }
  }

  @Test
  void aCallWhoseServerGoesAwayIsLostAndMayHaveHappened() throws IOException {
    BlockingQueue<RpcContext<Hello>> held = new LinkedBlockingQueue<>();
    RpcServer server = rpc.serve(b -> b.on(ECHO, (hello, context) -> held.add(context)));
    RpcConnection connection = rpc.connect(server.port());
    CompletableFuture<Hello> call = connection.call(ECHO, new Hello("x"), LONG);
    next(held);
    server.close();
    RatchetException error = assertFails(ErrorCode.CONNECTION_LOST, call);
    assertFalse(error.code().isDefinite());
    assertFalse(connection.isOpen());
    assertFails(ErrorCode.UNAVAILABLE, connection.call(ECHO, new Hello("x"), LONG));
  }

  @Test
  void aCallOnAClosedConnectionWasNeverSent() throws IOException {
    try (RpcServer server = rpc.echo()) {
      RpcConnection connection = rpc.connect(server.port());
      connection.close();
      RatchetException error =
          assertFails(ErrorCode.UNAVAILABLE, connection.call(ECHO, new Hello("x"), LONG));
      assertTrue(error.code().isDefinite());
    }
  }

  @Test
  void aCallAfterTheLoopsEndedFailsAndThrowsNothing() throws IOException {
    RpcServer server = rpc.echo();
    RpcConnection connection = rpc.connect(server.port());
    RpcPeer peer = rpc.peer(server.port());
    server.close();
    rpc.close();
    assertFails(ErrorCode.UNAVAILABLE, connection.call(ECHO, new Hello("x"), LONG));
    assertFails(ErrorCode.UNAVAILABLE, peer.call(ECHO, new Hello("x"), LONG));
  }

  @Test
  void whatAHandlerThrowsIsTheAnswer() throws IOException {
    try (RpcServer server =
            rpc.serve(
                b ->
                    b.on(
                        ECHO,
                        (hello, context) -> {
                          if (hello.client().equals("known")) {
                            throw new RatchetException(ErrorCode.NOT_LEADER, "ask b", "b:7000");
                          }
                          throw new IllegalStateException("a bug");
                        }));
        RpcConnection connection = rpc.connect(server.port())) {
      RatchetException known =
          assertFails(ErrorCode.NOT_LEADER, connection.call(ECHO, new Hello("known"), LONG));
      assertEquals("ask b", known.getMessage());
      assertEquals("b:7000", known.hint());
      assertFails(ErrorCode.INTERNAL, connection.call(ECHO, new Hello("other"), LONG));
      assertTrue(connection.isOpen());
    }
  }

  @Test
  void whatAStageBecomesIsTheAnswer() throws IOException {
    try (RpcServer server =
            rpc.serve(b -> b.on(ECHO, (hello, context) -> context.answer(stage(hello.client()))));
        RpcConnection connection = rpc.connect(server.port())) {
      assertEquals(new Hello("fine"), get(connection.call(ECHO, new Hello("fine"), LONG)));
      assertFails(ErrorCode.OVERLOADED, connection.call(ECHO, new Hello("full"), LONG));
      assertFails(ErrorCode.INTERNAL, connection.call(ECHO, new Hello("bug"), LONG));
      assertFails(ErrorCode.INTERNAL, connection.call(ECHO, new Hello("null"), LONG));
    }
  }

  @SuppressWarnings("NullAway") // a handler that breaks its promise is what is tested
  private static CompletableFuture<Hello> stage(String what) {
    return switch (what) {
      case "full" ->
          CompletableFuture.failedFuture(new RatchetException(ErrorCode.OVERLOADED, "full"));
      case "bug" -> CompletableFuture.failedFuture(new IllegalStateException("a bug"));
      case "null" -> CompletableFuture.completedFuture(null);
      default -> CompletableFuture.completedFuture(new Hello(what));
    };
  }

  @Test
  void aCallThatNobodyServesSaysSo() throws IOException {
    try (RpcServer server = rpc.echo();
        RpcConnection connection = rpc.connect(server.port())) {
      assertFails(ErrorCode.UNSUPPORTED, connection.call(BYTES, new Hello("x"), LONG));
      assertEquals(new Hello("x"), get(connection.call(ECHO, new Hello("x"), LONG)));
    }
  }

  @Test
  void theLargestAnswerReachesACallerThatReads() throws IOException {
    byte[] largest = new byte[Limits.MAX_REPLY_BYTES - 100];
    try (RpcServer server =
            rpc.serve(
                b -> b.on(BYTES, (hello, context) -> context.reply(new HandoverReply(largest))));
        RpcConnection connection = rpc.connect(server.port())) {
      HandoverReply reply = get(connection.call(BYTES, new Hello("x"), LONG));
      assertEquals(largest.length, reply.positions().length);
    }
  }

  @Test
  void anAnswerThatNoCallerReadsIsTheServersFault() throws IOException {
    HandoverReply tooLarge = new HandoverReply(new byte[Limits.MAX_REPLY_BYTES]);
    try (RpcServer server =
            rpc.serve(
                b ->
                    b.on(BYTES, (hello, context) -> context.reply(tooLarge))
                        .on(ECHO, (hello, context) -> context.reply(hello)));
        RpcConnection connection = rpc.connect(server.port())) {
      assertFails(ErrorCode.INTERNAL, connection.call(BYTES, new Hello("x"), LONG));
      assertEquals(new Hello("x"), get(connection.call(ECHO, new Hello("x"), LONG)));
    }
  }

  @Test
  void aRequestPastTheLimitIsNotSent() throws IOException {
    Hello atLimit = new Hello("x".repeat(Limits.MAX_REQUEST_BYTES - 24));
    try (RpcServer server = rpc.echo();
        RpcConnection connection = rpc.connect(server.port())) {
      assertEquals(atLimit, get(connection.call(ECHO, atLimit, LONG)));
      Hello past = new Hello(atLimit.client() + "x");
      RatchetException error =
          assertFails(ErrorCode.FRAME_TOO_LARGE, connection.call(ECHO, past, LONG));
      assertTrue(error.code().isDefinite());
      assertEquals(new Hello("x"), get(connection.call(ECHO, new Hello("x"), LONG)));
    }
  }

  @Test
  void routeVersionsRideBothWays() throws IOException {
    BlockingQueue<Long> seenByServer = new LinkedBlockingQueue<>();
    AtomicLong seenByClient = new AtomicLong();
    try (RpcServer server =
        RpcServer.builder(() -> 42)
            .on(
                ECHO,
                (hello, context) -> {
                  seenByServer.add(context.callerRouteVersion());
                  context.reply(hello);
                })
            .bind(rpc.loops, new HostPort("127.0.0.1", 0))) {
      RpcPeer peer =
          new RpcPeer(
              rpc.loops,
              new HostPort("127.0.0.1", server.port()),
              () -> 17,
              version -> seenByClient.set(version));
      assertEquals(new Hello("x"), get(peer.call(ECHO, new Hello("x"), LONG)));
      assertEquals(17, next(seenByServer));
      assertEquals(42, seenByClient.get());
      peer.close();
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = RawSocket.listen()) {
      IOException error = null;
      try {
        RpcServer.builder(() -> 0)
            .bind(rpc.loops, new HostPort("127.0.0.1", taken.getLocalPort()))
            .close();
      } catch (IOException e) {
        error = e;
      }
      assertNotNull(error);
      assertTrue(String.valueOf(error.getMessage()).contains(":" + taken.getLocalPort()));
    }
  }

  private static <T> T next(BlockingQueue<T> queue) {
    try {
      @Nullable T next = queue.poll(RawSocket.DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new AssertionError("nothing came in time");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
