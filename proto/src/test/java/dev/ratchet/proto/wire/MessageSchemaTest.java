package dev.ratchet.proto.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.RoutesRequest;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageSchemaTest {
  private static final long SEED = Long.getLong("ratchet.seed", System.nanoTime());

  static Stream<Class<? extends Record>> messages() {
    return Messages.all().stream();
  }

  @Test
  void allMessagesAreFound() {
    assertTrue(Messages.all().size() >= 37, () -> "only " + Messages.all());
    assertTrue(Messages.all().containsAll(List.of(Namespace.class, IssueRequest.class)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageComesBackAsItWas(Class<? extends Record> type) {
    roundTrips(type);
  }

  private static <T extends Record> void roundTrips(Class<T> type) {
    Random random = new Random(SEED);
    MessageSchema<T> schema = Messages.schema(type);
    for (int i = 0; i < 500; i++) {
      T message = Messages.random(type, random);
      T back = schema.decode(schema.encode(message));
      assertSame(message, back, () -> "-Dratchet.seed=" + SEED + " " + message);
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void absentFieldsHaveTheirDefaults(Class<? extends Record> type) {
    if (type != Namespace.class) {
      hasDefaults(type);
    }
  }

  private static <T extends Record> void hasDefaults(Class<T> type) {
    MessageSchema<T> schema = Messages.schema(type);
    assertEquals(0, schema.encode(Messages.empty(type)).length);
    assertSame(Messages.empty(type), schema.decode(new byte[0]), type::toString);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void fieldsAreNamedAndNumberedAsTheRecordHasThem(Class<? extends Record> type) {
    List<String> names = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      names.add(
          component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
              + " = "
              + (names.size() + 1));
    }
    List<String> declared =
        Messages.schema(type).declarations().stream()
            .map(line -> line.substring(line.lastIndexOf(' ', line.indexOf(" = ") - 1) + 1))
            .toList();
    assertEquals(names, declared);
    assertEquals(type.getSimpleName(), Messages.schema(type).name());
  }

  @ParameterizedTest
  @MethodSource("messages")
  void fieldsOfLaterVersionsAreSkipped(Class<? extends Record> type) {
    skipsUnknown(type);
  }

  private static <T extends Record> void skipsUnknown(Class<T> type) {
    Random random = new Random(SEED);
    MessageSchema<T> schema = Messages.schema(type);
    for (int i = 0; i < 50; i++) {
      T message = Messages.random(type, random);
      byte[] later =
          new Bytes()
              .varintField(100, -1)
              .lengthField(101, new byte[] {1, 2, 3})
              .raw(schema.encode(message))
              .tag(102, 1)
              .raw(new byte[8])
              .tag(103, 5)
              .raw(new byte[4])
              .varintField((1 << 29) - 1, 5)
              .bytes();
      assertSame(message, schema.decode(later), () -> "-Dratchet.seed=" + SEED + " " + message);
    }
  }

  @Test
  void theLastOfARepeatedScalarWins() {
    byte[] twice = new Bytes().varintField(1, 7).varintField(1, 8).bytes();
    assertEquals(new RoutesRequest(8, 0), RoutesRequest.SCHEMA.decode(twice));
  }

  @Test
  void aNegative32BitNumberIsFiveBytesAsInProtobuf() {
    byte[] bytes = RoutesRequest.SCHEMA.encode(new RoutesRequest(0, -1));
    assertArrayEquals(new Bytes().varintField(2, 0xFFFF_FFFFL).bytes(), bytes);
    byte[] ten = new Bytes().varintField(2, -1).bytes();
    assertEquals(new RoutesRequest(0, -1), RoutesRequest.SCHEMA.decode(ten));
  }

  @Test
  void aDecodedListCanNotBeChanged() {
    IssueItem item = new IssueItem(1, 2, 3, 4);
    IssueRequest request = new IssueRequest(List.of(item), 5);
    List<IssueItem> items = IssueRequest.SCHEMA.decode(IssueRequest.SCHEMA.encode(request)).items();
    assertThrows(UnsupportedOperationException.class, () -> items.add(item));
  }

  @Test
  void aMessageThatFailsToEncodeLeavesTheThreadFitForTheNext() {
    List<IssueItem> broken = Arrays.asList(new IssueItem(1, 2, 3, 4), null);
    assertThrows(
        NullPointerException.class, () -> IssueRequest.SCHEMA.encode(new IssueRequest(broken, 1)));
    RoutesRequest next = new RoutesRequest(1, 2);
    assertEquals(next, RoutesRequest.SCHEMA.decode(RoutesRequest.SCHEMA.encode(next)));
  }

  @Test
  void aTagUsedTwiceIsNoSchema() {
    MessageSchema.Builder<RoutesRequest> builder =
        MessageSchema.of(RoutesRequest.class)
            .uint64(1, "a", RoutesRequest::version)
            .uint32(1, "b", RoutesRequest::waitMillis);
    assertThrows(
        IllegalStateException.class,
        () -> builder.build(v -> new RoutesRequest(v.int64(1), v.int32(1))));
  }

  private static void assertSame(
      Record expected, Record actual, java.util.function.Supplier<String> why) {
    for (RecordComponent component : expected.getClass().getRecordComponents()) {
      Object left = Messages.get(expected, component);
      Object right = Messages.get(actual, component);
      assertTrue(same(left, right), () -> component + " of " + why.get() + " became " + right);
    }
    assertFalse(expected.getClass() != actual.getClass());
  }

  private static boolean same(Object left, Object right) {
    if (left instanceof byte[] bytes) {
      return Arrays.equals(bytes, (byte[]) right);
    } else if (left instanceof List<?> list) {
      List<?> other = (List<?>) right;
      return list.size() == other.size()
          && Stream.iterate(0, i -> i + 1)
              .limit(list.size())
              .allMatch(i -> same(list.get(i), other.get(i)));
    } else if (left instanceof Record message) {
      return Arrays.stream(message.getClass().getRecordComponents())
          .allMatch(c -> same(Messages.get(message, c), Messages.get((Record) right, c)));
    }
    return left.equals(right);
  }
}
