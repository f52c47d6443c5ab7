package dev.ratchet.router.resp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The decoder under bytes of every kind, in pieces of every size. */
@Timeout(120)
class RespDecoderFuzzTest {
  private long seed;
  private Random random;

  @BeforeEach
  void seed() {
    seed = Long.getLong("ratchet.seed", System.nanoTime());
    random = new Random(seed);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void array(List<byte[]> words, ByteArrayOutputStream out) {
    out.writeBytes(("*" + words.size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (byte[] word : words) {
      out.writeBytes(("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(word);
      out.writeBytes(new byte[] {'\r', '\n'});
    }
  }

  /** Feeds bytes in random pieces, and returns what was decoded. */
  private List<Object> decode(byte[] input) {
    EmbeddedChannel channel = new EmbeddedChannel(new RespDecoder(null));
    List<ByteBuf> pieces = new ArrayList<>();
    int at = 0;
    while (at < input.length) {
      int length = Math.min(input.length - at, 1 + random.nextInt(1 + random.nextInt(300)));
      ByteBuf piece = Unpooled.copiedBuffer(input, at, length);
      pieces.add(piece);
      channel.writeInbound(piece);
      at += length;
    }
    List<Object> decoded = new ArrayList<>();
    Object next = channel.readInbound();
    while (next != null) {
      decoded.add(next);
      next = channel.readInbound();
    }
    channel.finishAndReleaseAll();
    for (ByteBuf piece : pieces) {
      assertEquals(0, piece.refCnt(), () -> "a buffer leaked, seed " + seed);
    }
    return decoded;
  }

  @RepeatedTest(50)
  void validCommandsSurviveAnySplit() {
    List<List<byte[]>> sent = new ArrayList<>();
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      List<byte[]> words = new ArrayList<>();
      for (int j = 0; j <= random.nextInt(5); j++) {
        words.add(bytes(random.nextInt(50)));
      }
      sent.add(words);
      array(words, wire);
    }
    List<Object> decoded = decode(wire.toByteArray());
    assertEquals(sent.size(), decoded.size(), () -> "seed " + seed);
    for (int i = 0; i < sent.size(); i++) {
      List<byte[]> words = ((RespRequest.Command) decoded.get(i)).words();
      assertEquals(sent.get(i).size(), words.size());
      for (int j = 0; j < words.size(); j++) {
        assertArrayEquals(sent.get(i).get(j), words.get(j), "seed " + seed);
      }
    }
  }

  @RepeatedTest(200)
  void anyBytesGiveCommandsAndAtMostOneFaultAtTheEnd() {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      switch (random.nextInt(5)) {
        case 0 -> wire.writeBytes(bytes(random.nextInt(40)));
        case 1 -> array(List.of(bytes(3), bytes(random.nextInt(9))), wire);
        case 2 ->
            wire.writeBytes(
                "*$:+-0123456789\r\n"
                    .substring(random.nextInt(16))
                    .getBytes(StandardCharsets.US_ASCII));
        case 3 ->
            wire.writeBytes(
                "PING 'a' \"b\\x4\"\r\n"
                    .substring(random.nextInt(16))
                    .getBytes(StandardCharsets.US_ASCII));
        default ->
            wire.writeBytes(
                ("*" + random.nextInt(6000) + "\r\n$" + random.nextInt(99_999) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
      }
    }
    List<Object> decoded = decode(wire.toByteArray());
    for (int i = 0; i < decoded.size() - 1; i++) {
      assertInstanceOf(RespRequest.Command.class, decoded.get(i), () -> "seed " + seed);
    }
    for (Object one : decoded) {
      assertTrue(
          !(one instanceof RespRequest.Command command) || !command.words().isEmpty(),
          () -> "an empty command, seed " + seed);
    }
  }

  @Test
  void aLongLineInSingleBytesCostsNoMoreThanItsLength() {
    EmbeddedChannel channel = new EmbeddedChannel(new RespDecoder(null));
    for (int i = 0; i < RespLimits.MAX_INLINE_BYTES; i++) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'x'}));
    }
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'\n'}));
    RespRequest.Command command = channel.readInbound();
    assertEquals(RespLimits.MAX_INLINE_BYTES, command.words().get(0).length);
    channel.finishAndReleaseAll();
  }

  @Test
  void wordsOfALine() {
    assertEquals(
        List.of("a", "b c", "d'e", "\n\r\t\b\u0007x\u00ff"),
        words(" a \"b c\" 'd\\'e' \"\\n\\r\\t\\b\\a\\x\\xff\""));
    assertEquals(List.of(), words("  "));
    assertEquals(List.of(""), words("''"));
  }

  private static List<String> words(String line) {
    List<byte[]> words = InlineWords.split(line.getBytes(StandardCharsets.ISO_8859_1));
    assertNotNull(words);
    return words.stream().map(w -> new String(w, StandardCharsets.ISO_8859_1)).toList();
  }
}
