package dev.ratchet.proto.rpc;

import static dev.ratchet.proto.rpc.Rpc.BYTES;
import static dev.ratchet.proto.rpc.Rpc.ECHO;
import static dev.ratchet.proto.rpc.Rpc.LONG;
import static dev.ratchet.proto.rpc.Rpc.get;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.ErrorReply;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.wire.Frame;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server and callers that do not keep to the protocol. */
@ExtendWith(LeakWatch.class)
class RpcServerTest {
  private static final MemberStatus STATUS = new MemberStatus("early", "z", "", "", 0, 0, 0);

  private final Rpc rpc = new Rpc();

  @AfterEach
  void close() {
    rpc.close();
  }

  @Test
  void garbageIsRefusedWithAReasonAndOthersAreServed() throws IOException {
    try (RpcServer server = rpc.echo();
        RpcConnection other = rpc.connect(server.port());
        RawSocket raw = RawSocket.connect(server.port())) {
      raw.out.write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      assertRefused(ErrorCode.PROTOCOL_ERROR, raw);
      assertEquals(new Hello("x"), get(other.call(ECHO, new Hello("x"), LONG)));
    }
  }

  @Test
  void aNodeThatStartsAnswersWhatItCanAndTheRestLater() throws IOException {
    try (EventLoops loops = new EventLoops("early", 1);
        RpcServer server =
            RpcServer.builder(() -> 0)
                .on(Calls.MEMBER_STATUS, (request, context) -> context.reply(STATUS))
                .bindEarly(loops, new HostPort("127.0.0.1", 0));
        RpcConnection caller = rpc.connect(server.port())) {
      assertEquals("early", get(caller.call(Calls.MEMBER_STATUS, new Empty(), LONG)).node());
      assertEquals(ErrorCode.UNAVAILABLE, failure(caller.call(ECHO, new Hello("x"), LONG)));
      server.complete(
          RpcServer.builder(() -> 0).on(ECHO, (request, context) -> context.reply(request)));
      assertEquals(new Hello("x"), get(caller.call(ECHO, new Hello("x"), LONG)));
      assertEquals("early", get(caller.call(Calls.MEMBER_STATUS, new Empty(), LONG)).node());
      assertEquals(ErrorCode.UNSUPPORTED, failure(caller.call(Calls.STATUS, new Empty(), LONG)));
    }
  }

  private static ErrorCode failure(CompletableFuture<?> answer) {
    RuntimeException error = assertThrows(RuntimeException.class, answer::join);
    return RatchetException.of(error).code();
  }

  @Test
  void theReasonArrivesThoughTheCallerWasStillSending() throws IOException {
    byte[] garbage = new byte[256 << 10];
    Arrays.fill(garbage, (byte) 9);
    try (RpcServer server = rpc.echo();
        RawSocket raw = RawSocket.connect(server.port())) {
      for (int i = 0; i < 16; i++) {
        raw.out.write(garbage);
      }
      assertRefused(ErrorCode.PROTOCOL_ERROR, raw);
    }
  }

  @Test
  void aFrameThatIsTooLargeIsRefusedBeforeItCame() throws IOException {
    try (RpcServer server = rpc.echo();
        RawSocket raw = RawSocket.connect(server.port())) {
      raw.out.writeInt(Limits.MAX_REQUEST_BYTES + 1);
      raw.out.writeByte(Frame.VERSION);
      assertRefused(ErrorCode.FRAME_TOO_LARGE, raw);
    }
  }

  private static void assertRefused(ErrorCode code, RawSocket raw) throws IOException {
    Frame refusal = raw.read();
    assertEquals(Frame.ERROR, refusal.type());
    assertEquals(0, refusal.correlation());
    assertEquals(code, ErrorReply.SCHEMA.decode(refusal.body()).toException().code());
    assertEquals(-1, raw.in.read());
  }

  @Test
  void aBodyThatIsNoMessageFailsOnlyItsOwnCall() throws IOException {
    try (RpcServer server = rpc.echo();
        RawSocket raw = RawSocket.connect(server.port())) {
      raw.write(new Frame(ECHO.number(), Frame.REQUEST, 5, 0, new byte[] {-1, -1}));
      assertError(ErrorCode.PROTOCOL_ERROR, 5, raw.read());
      raw.write(new Frame(ECHO.number(), Frame.REPLY, 6, 0, new byte[0]));
      assertError(ErrorCode.PROTOCOL_ERROR, 6, raw.read());
      raw.write(new Frame(99, Frame.REQUEST, 7, 0, new byte[0]));
      assertError(ErrorCode.UNSUPPORTED, 7, raw.read());
      raw.write(new Frame(ECHO.number(), Frame.REQUEST, 8, 0, new byte[0]));
      Frame answer = raw.read();
      assertEquals(Frame.REPLY, answer.type());
      assertEquals(8, answer.correlation());
    }
  }

  private static void assertError(ErrorCode code, long correlation, Frame frame) {
    assertEquals(Frame.ERROR, frame.type());
    assertEquals(correlation, frame.correlation());
    assertEquals(code, ErrorReply.SCHEMA.decode(frame.body()).toException().code());
  }

  @Test
  void halfAFrameAndGoodbyeHarmsNobody() throws IOException {
    try (RpcServer server = rpc.echo();
        RpcConnection other = rpc.connect(server.port())) {
      try (RawSocket raw = RawSocket.connect(server.port())) {
        raw.out.writeInt(100);
        raw.out.writeByte(Frame.VERSION);
      }
      assertEquals(new Hello("x"), get(other.call(ECHO, new Hello("x"), LONG)));
    }
  }

  @Test
  void aCallerThatNeverReadsIsCutOffAndOthersAreServed() throws IOException, InterruptedException {
    HandoverReply megabyte = new HandoverReply(new byte[1 << 20]);
    long asked = 3L * RpcServer.MAX_UNREAD_BYTES;
    CountDownLatch cutOff = new CountDownLatch(1);
    try (RpcServer server =
            rpc.serve(
                b ->
                    b.on(
                            BYTES,
                            (hello, context) -> {
                              context.onDisconnect(cutOff::countDown);
                              context.reply(megabyte);
                            })
                        .on(ECHO, (hello, context) -> context.reply(hello)));
        RpcConnection other = rpc.connect(server.port());
        RawSocket raw = RawSocket.connect(server.port())) {
      for (long sent = 0; sent < asked; sent += megabyte.positions().length) {
        raw.write(new Frame(BYTES.number(), Frame.REQUEST, sent + 1, 0, new byte[0]));
      }
      // Reading any sooner would be reading after all, and on a slow machine fast enough to be
      // served.
      assertTrue(cutOff.await(RawSocket.DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
      long got = readToTheEnd(raw);
      assertTrue(got < asked, () -> "all " + got + " bytes were kept for it");
      assertEquals(new Hello("x"), get(other.call(ECHO, new Hello("x"), LONG)));
    }
  }

  /** Bytes until the connection ends; the read's own timeout fails the test if it does not. */
  private static long readToTheEnd(RawSocket raw) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    try {
      for (int read = raw.in.read(buffer); read >= 0; read = raw.in.read(buffer)) {
        total += read;
      }
    } catch (SocketException e) {
      // Cut off with bytes under way: the connection was reset, which is an end as well.
      return total;
    }
    return total;
  }

  @Test
  void closingEndsConnectionsToo() throws IOException {
    RpcServer server = rpc.echo();
    try (RawSocket raw = RawSocket.connect(server.port())) {
      raw.write(new Frame(ECHO.number(), Frame.REQUEST, 1, 0, new byte[0]));
      assertEquals(1, raw.read().correlation());
      server.close();
      assertEquals(-1, raw.in.read());
    }
  }
}
