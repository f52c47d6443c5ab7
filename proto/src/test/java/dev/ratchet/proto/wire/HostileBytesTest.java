package dev.ratchet.proto.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no message end in {@link ErrorCode#PROTOCOL_ERROR} and in nothing else. */
class HostileBytesTest {
  private static final long SEED = Long.getLong("ratchet.seed", System.nanoTime());

  static Stream<Class<? extends Record>> messages() {
    return Messages.all().stream();
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 100, 1 << 20, Integer.MAX_VALUE, Integer.MAX_VALUE - 3L, 1L << 31, -1})
  void aLengthPastTheEndIsRefusedWithoutMakingRoomForIt(long length) {
    byte[] lie = new Bytes().tag(1, 2).varint(length).raw(new byte[5]).bytes();
    assertRefused(HandoverReply.SCHEMA, lie);
    assertRefused(Hello.SCHEMA, lie);
    assertRefused(IssueRequest.SCHEMA, lie);
    byte[] unknown = new Bytes().tag(50, 2).varint(length).raw(new byte[5]).bytes();
    assertRefused(Empty.SCHEMA, unknown);
  }

  @Test
  void anElementMayNotReachIntoItsNeighbour() {
    byte[] delta = new Bytes().tag(4, 2).varint(4).varintField(1, 7).bytes();
    byte[] reply = new Bytes().lengthField(2, delta).lengthField(1, new byte[0]).bytes();
    assertRefused(IssueReply.SCHEMA, reply);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 6, 7})
  void groupsAndUnknownWireTypesAreRefused(int wireType) {
    assertRefused(Empty.SCHEMA, new Bytes().tag(50, wireType).bytes());
    assertRefused(RoutesRequest.SCHEMA, new Bytes().tag(1, wireType).varint(1).bytes());
  }

  @Test
  void nestingIsNoDeeperThanTheSchema() {
    byte[] groups = new byte[Limits.MAX_REQUEST_BYTES];
    Arrays.fill(groups, (byte) (15 << 3 | 3));
    assertRefused(RoutesRequest.SCHEMA, groups);
  }

  @Test
  void aKnownFieldOfAnotherWireTypeIsRefused() {
    assertRefused(RoutesRequest.SCHEMA, new Bytes().lengthField(1, new byte[] {1, 2}).bytes());
    assertRefused(RoutesRequest.SCHEMA, new Bytes().lengthField(1, new byte[0]).bytes());
    assertRefused(Hello.SCHEMA, new Bytes().varintField(1, 0).bytes());
    assertRefused(IssueRequest.SCHEMA, new Bytes().varintField(1, 1).bytes());
  }

  @Test
  void numbersWithoutAnEndAreRefused() {
    byte[] endless = new byte[20];
    Arrays.fill(endless, (byte) 0xFF);
    assertRefused(RoutesRequest.SCHEMA, endless);
    assertRefused(RoutesRequest.SCHEMA, new Bytes().tag(1, 0).raw(endless).bytes());
    assertRefused(Empty.SCHEMA, new Bytes().tag(50, 0).raw(endless).bytes());
    assertRefused(Empty.SCHEMA, new Bytes().varint(0).bytes());
    assertRefused(Empty.SCHEMA, new Bytes().varint((1L << 32) + 8).varint(1).bytes());
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    assertRefused(Hello.SCHEMA, new Bytes().lengthField(1, new byte[] {(byte) 0xC0, 1}).bytes());
    assertRefused(
        Hello.SCHEMA,
        new Bytes().lengthField(1, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}).bytes());
    assertEquals(
        new Hello("\uFFFD"), Hello.SCHEMA.decode(Hello.SCHEMA.encode(new Hello("\uFFFD"))));
  }

  @Test
  void aNamespaceOfAKindThisVersionDoesNotKnowIsRefused() {
    byte[] kind9 = new Bytes().varintField(1, 1).varintField(3, 9).bytes();
    assertRefused(Namespace.SCHEMA, kind9);
    assertRefused(NamespaceReply.SCHEMA, new Bytes().lengthField(1, kind9).bytes());
  }

  @Test
  void routesOfMoreSectionsThanMayBeAreRefused() {
    Namespace most = Namespace.string("most", Limits.MAX_SECTIONS, 1).withId(1);
    Namespace one = Namespace.string("one", 1, 1).withId(2);
    Namespace huge = Namespace.string("huge", Integer.MAX_VALUE, 1).withId(3);
    Namespace negative = Namespace.string("negative", -5, 1).withId(4);
    RouteDelta.SCHEMA.decode(delta(most));
    assertRefused(RouteDelta.SCHEMA, delta(most, one));
    assertRefused(RouteDelta.SCHEMA, delta(huge));
    assertRefused(RouteDelta.SCHEMA, delta(negative));
  }

  private static byte[] delta(Namespace... namespaces) {
    return RouteDelta.SCHEMA.encode(
        new RouteDelta(0, 1, List.of(namespaces), List.of(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageCutAnywhereIsRefusedOrIsAShorterMessage(Class<? extends Record> type) {
    cutAnywhere(type);
  }

  private static <T extends Record> void cutAnywhere(Class<T> type) {
    Random random = new Random(SEED);
    MessageSchema<T> schema = Messages.schema(type);
    for (int i = 0; i < 20; i++) {
      byte[] bytes = schema.encode(Messages.random(type, random));
      for (int length = 0; length < bytes.length; length++) {
        decodeOrRefuse(schema, Arrays.copyOf(bytes, length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aDamagedMessageIsRefusedOrIsAnotherMessage(Class<? extends Record> type) {
    damaged(type);
  }

  private static <T extends Record> void damaged(Class<T> type) {
    Random random = new Random(SEED);
    MessageSchema<T> schema = Messages.schema(type);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = schema.encode(Messages.random(type, random));
      for (int flips = 1 + random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      decodeOrRefuse(schema, bytes);
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void garbageIsRefusedOrMeansNothing(Class<? extends Record> type) {
    MessageSchema<?> schema = Messages.schema(type);
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      decodeOrRefuse(schema, bytes);
    }
  }

  /** What is decoded must also be fit to encode, whatever it came from. */
  private static <T> void decodeOrRefuse(MessageSchema<T> schema, byte[] bytes) {
    try {
      schema.encode(schema.decode(bytes));
    } catch (RatchetException e) {
      assertEquals(ErrorCode.PROTOCOL_ERROR, e.code());
      assertTrue(String.valueOf(e.getMessage()).contains(schema.name()));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      fail("-Dratchet.seed=" + SEED + " " + schema.name() + " " + Arrays.toString(bytes), e);
    }
  }

  private static void assertRefused(MessageSchema<?> schema, byte[] bytes) {
    RatchetException error = assertThrows(RatchetException.class, () -> schema.decode(bytes));
    assertEquals(ErrorCode.PROTOCOL_ERROR, error.code());
    assertTrue(String.valueOf(error.getMessage()).contains("no " + schema.name() + " message: "));
  }
}
