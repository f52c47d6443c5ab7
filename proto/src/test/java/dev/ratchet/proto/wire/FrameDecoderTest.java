package dev.ratchet.proto.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
  private static final int MAX_BYTES = 1_000;

  private final EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(MAX_BYTES));

  @Test
  void aFrameComesBackAsItWasWritten() {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes(frame(7, 3))));
    assertSame(frame(7, 3), channel.readInbound());
    assertFalse(channel.finish());
  }

  @Test
  void headerBytesStandWhereTheDocumentSays() {
    byte[] bytes = bytes(new Frame(3, Frame.ERROR, 0x0102030405060708L, -2, new byte[] {9}));
    assertEquals(
        "00000015" + "01" + "03" + "02" + "00" + "0102030405060708" + "fffffffffffffffe" + "09",
        ByteBufUtil.hexDump(bytes));
  }

  @Test
  void bytesMayComeOneByOne() {
    for (byte next : bytes(frame(1, 5), frame(2, 0), frame(3, 9))) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {next}));
    }
    assertSame(frame(1, 5), channel.readInbound());
    assertSame(frame(2, 0), channel.readInbound());
    assertSame(frame(3, 9), channel.readInbound());
    assertFalse(channel.finish());
  }

  @Test
  void piecesOfAnySizeMakeTheSameFrames() {
    long seed = Long.getLong("ratchet.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      frames.add(frame(i, random.nextInt(MAX_BYTES - Frame.HEADER_BYTES + 1)));
    }
    byte[] all = bytes(frames.toArray(Frame[]::new));
    int at = 0;
    while (at < all.length) {
      int size = Math.min(all.length - at, 1 + random.nextInt(3_000));
      channel.writeInbound(Unpooled.copiedBuffer(all, at, size));
      at += size;
    }
    for (Frame frame : frames) {
      assertSame(frame, channel.readInbound());
    }
    assertNull(channel.readInbound(), "-Dratchet.seed=" + seed);
    channel.finishAndReleaseAll();
  }

  @Test
  void aFrameAtTheLimitPassesAndOnePastItDoesNot() {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes(frame(1, MAX_BYTES - Frame.HEADER_BYTES))));
    assertSame(frame(1, MAX_BYTES - Frame.HEADER_BYTES), channel.readInbound());
    byte[] tooLong = bytes(frame(2, MAX_BYTES - Frame.HEADER_BYTES + 1));
    assertRefused(ErrorCode.FRAME_TOO_LARGE, Unpooled.copiedBuffer(tooLong, 0, 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 19, -1, Integer.MIN_VALUE})
  void aLengthThatNoFrameHasIsRefused(int length) {
    assertRefused(ErrorCode.PROTOCOL_ERROR, Unpooled.buffer().writeInt(length).writeByte(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 255})
  void anotherVersionIsRefusedBeforeItsBodyComes(int version) {
    assertRefused(ErrorCode.PROTOCOL_ERROR, Unpooled.buffer().writeInt(500).writeByte(version));
  }

  @Test
  void nothingIsReadAfterARefusal() {
    assertRefused(ErrorCode.PROTOCOL_ERROR, Unpooled.buffer().writeInt(500).writeByte(9));
    channel.writeInbound(Unpooled.wrappedBuffer(bytes(frame(1, 1))));
    assertNull(channel.readInbound());
    assertFalse(channel.finish());
  }

  @Test
  void framesBeforeABrokenOneAreStillDelivered() {
    ByteBuf both = Unpooled.buffer().writeBytes(bytes(frame(4, 2))).writeInt(3).writeByte(1);
    assertRefused(ErrorCode.PROTOCOL_ERROR, both);
    assertSame(frame(4, 2), channel.readInbound());
    channel.finishAndReleaseAll();
  }

  @Test
  void halfAFrameAtTheEndIsNoFrame() {
    byte[] bytes = bytes(frame(1, 10));
    channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, bytes.length - 1));
    assertFalse(channel.finish());
  }

  private void assertRefused(ErrorCode code, ByteBuf bytes) {
    DecoderException error =
        assertThrows(DecoderException.class, () -> channel.writeInbound(bytes));
    assertEquals(code, assertInstanceOf(RatchetException.class, error.getCause()).code());
  }

  private static Frame frame(int correlation, int bodyBytes) {
    byte[] body = new byte[bodyBytes];
    new Random(bodyBytes).nextBytes(body);
    return new Frame(200, Frame.REPLY, correlation, correlation * 31L, body);
  }

  private static byte[] bytes(Frame... frames) {
    EmbeddedChannel encoder = new EmbeddedChannel(FrameEncoder.INSTANCE);
    ByteBuf all = Unpooled.buffer();
    for (Frame frame : frames) {
      encoder.writeOutbound(frame);
      ByteBuf bytes = encoder.readOutbound();
      all.writeBytes(bytes);
      bytes.release();
    }
    encoder.finishAndReleaseAll();
    return ByteBufUtil.getBytes(all);
  }

  private static void assertSame(Frame expected, @Nullable Object actual) {
    Frame frame = assertInstanceOf(Frame.class, actual);
    assertEquals(expected.call(), frame.call());
    assertEquals(expected.type(), frame.type());
    assertEquals(expected.correlation(), frame.correlation());
    assertEquals(expected.routeVersion(), frame.routeVersion());
    assertArrayEquals(expected.body(), frame.body());
  }
}
