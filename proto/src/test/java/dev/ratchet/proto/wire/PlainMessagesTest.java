package dev.ratchet.proto.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.CallItem;
import dev.ratchet.proto.message.CallItems;
import dev.ratchet.proto.message.CallReply;
import dev.ratchet.proto.message.CallRequest;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueItems;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.IssueResults;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What reads and writes plain messages without objects agrees with their schemas. */
class PlainMessagesTest {
  private static final long SEED = Long.getLong("ratchet.seed", System.nanoTime());
  private static final int MANY = 3_000;

  private final Random random = new Random(SEED);

  @Test
  void aRequestIsWrittenAsItsSchemaDoes() {
    for (int i = 0; i < MANY; i++) {
      IssueRequest request = Messages.random(IssueRequest.class, random);
      assertArrayEquals(IssueRequest.SCHEMA.encode(request), written(request), hint(request));
    }
  }

  private static byte[] written(IssueRequest request) {
    WireWriter out = WireWriter.ofThread();
    for (IssueItem item : request.items()) {
      IssueItems.writeItem(out, item.namespaceId(), item.key(), item.count(), item.epoch());
    }
    IssueItems.writeTimeout(out, request.timeoutMillis());
    return out.take();
  }

  @Test
  void aRequestIsReadAsItsSchemaDoes() {
    IssueItems items = new IssueItems();
    readAlike(IssueRequest.class, bytes -> items.read(bytes) ? items.toRequest() : null);
  }

  @Test
  void aRequestOfTooManyItemsIsNotPlain() {
    IssueItem item = new IssueItem(1, 2, 3, 4);
    IssueItems items = new IssueItems();
    List<IssueItem> most = Collections.nCopies(Limits.MAX_BATCH, item);
    assertTrue(items.read(IssueRequest.SCHEMA.encode(new IssueRequest(most, 5))));
    assertEquals(Limits.MAX_BATCH, items.size());
    List<IssueItem> more = Collections.nCopies(Limits.MAX_BATCH + 1, item);
    assertFalse(items.read(IssueRequest.SCHEMA.encode(new IssueRequest(more, 5))));
  }

  @Test
  void aRequestByNameIsWrittenAsItsSchemaDoes() {
    for (int i = 0; i < MANY; i++) {
      CallRequest request = Messages.random(CallRequest.class, random);
      assertArrayEquals(CallRequest.SCHEMA.encode(request), written(request), hint(request));
    }
  }

  private static byte[] written(CallRequest request) {
    WireWriter out = WireWriter.ofThread();
    CallItems.Writer items = new CallItems.Writer(out);
    request.items().forEach(item -> items.write(item.namespace(), item.key(), item.count()));
    items.writeTimeout(request.timeoutMillis());
    return out.take();
  }

  @Test
  void aRequestByNameIsReadAsItsSchemaDoes() {
    readAlike(CallRequest.class, bytes -> read(bytes), PlainMessagesTest::inAscii);
  }

  private static @Nullable CallRequest read(byte[] bytes) {
    List<CallItem> items = new ArrayList<>();
    int[] timeout = new int[1];
    boolean plain =
        CallItems.read(
            bytes,
            new CallItems.Visitor() {
              @Override
              public void item(String namespace, byte[] key, int count) {
                items.add(new CallItem(namespace, key, count));
              }

              @Override
              public void timeoutMillis(int millis) {
                timeout[0] = millis;
              }
            });
    return plain ? new CallRequest(items, timeout[0]) : null;
  }

  /** Namespaces as there can be, some of them twice in a row. */
  private static CallRequest inAscii(CallRequest request) {
    List<CallItem> items = new ArrayList<>();
    for (CallItem item : request.items()) {
      String name = item.namespace().length() % 2 == 0 ? "orders" : "n" + item.count();
      items.add(new CallItem(name, item.key(), item.count()));
    }
    return new CallRequest(items, request.timeoutMillis());
  }

  @Test
  void aNamespaceThatIsNotAsciiIsLeftToTheSchema() {
    List<CallItem> one = List.of(new CallItem("größe", new byte[] {49}, 1));
    assertNull(read(CallRequest.SCHEMA.encode(new CallRequest(one, 0))));
    byte[] notText = new Bytes().lengthField(1, new byte[] {(byte) 0xC0, 1}).bytes();
    assertNull(read(new Bytes().lengthField(1, notText).bytes()));
  }

  @Test
  void aReplyIsWrittenAsItsSchemaDoes() {
    for (int i = 0; i < MANY; i++) {
      List<IssueResult> results = new ArrayList<>();
      for (IssueResult any : Messages.random(IssueReply.class, random).results()) {
        results.add(new IssueResult(0, any.value(), any.epoch(), any.upperBound(), ""));
      }
      IssueReply reply = new IssueReply(results, List.of());
      IssueResults columns = new IssueResults(0);
      results.forEach(result -> columns.add(result.value(), result.epoch(), result.upperBound()));
      WireWriter out = WireWriter.ofThread();
      columns.write(out);
      byte[] written = out.take();
      assertArrayEquals(IssueReply.SCHEMA.encode(reply), written, hint(reply));
      assertArrayEquals(CallReply.SCHEMA.encode(new CallReply(results)), written, hint(reply));
    }
  }

  @Test
  void aReplyIsReadAsItsSchemaDoes() {
    for (int i = 0; i < 10 * MANY; i++) {
      byte[] bytes = IssueReply.SCHEMA.encode(Messages.random(IssueReply.class, random));
      if (i % 2 == 0) {
        damage(bytes);
      }
      IssueReply expected;
      try {
        expected = IssueReply.SCHEMA.decode(bytes);
      } catch (RatchetException refused) {
        RatchetException same =
            assertThrows(RatchetException.class, () -> IssueResults.read(bytes, 2), hint(bytes));
        assertEquals(ErrorCode.PROTOCOL_ERROR, same.code());
        continue;
      }
      IssueResults read = IssueResults.read(bytes, random.nextInt(4));
      assertEquals(
          expected.results().stream().map(this::told).toList(), results(read), hint(bytes));
      assertEquals(expected.routes().size(), read.routes().size(), hint(bytes));
    }
  }

  /** What matters of a result: a message only where something went wrong. */
  private IssueResult told(IssueResult result) {
    return result.error() != 0
        ? result
        : new IssueResult(0, result.value(), result.epoch(), result.upperBound(), "");
  }

  private static List<IssueResult> results(IssueResults columns) {
    List<IssueResult> results = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      IssueResult failure = columns.failure(i);
      results.add(
          failure != null
              ? failure
              : new IssueResult(0, columns.value(i), columns.epoch(i), columns.upperBound(i), ""));
    }
    return results;
  }

  private <T extends Record> void readAlike(Class<T> type, Function<byte[], @Nullable T> plainly) {
    readAlike(type, plainly, message -> message);
  }

  /** Damaged or not, what is taken for plain is what the schema makes of it. */
  private <T extends Record> void readAlike(
      Class<T> type, Function<byte[], @Nullable T> plainly, UnaryOperator<T> fit) {
    MessageSchema<T> schema = Messages.schema(type);
    int plain = 0;
    for (int i = 0; i < 10 * MANY; i++) {
      byte[] bytes = schema.encode(fit.apply(Messages.random(type, random)));
      boolean whole = i % 2 == 0;
      if (!whole) {
        damage(bytes);
      }
      T read = plainly.apply(bytes);
      if (read != null) {
        plain++;
        assertArrayEquals(schema.encode(schema.decode(bytes)), schema.encode(read), hint(bytes));
      } else {
        assertFalse(whole, hint(bytes));
      }
    }
    assertTrue(plain > 5 * MANY, "only whole messages were plain: nothing was damaged");
  }

  private void damage(byte[] bytes) {
    for (int flips = 1 + random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
  }

  private static String hint(byte[] bytes) {
    return "-Dratchet.seed=" + SEED + " " + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String hint(Record message) {
    return "-Dratchet.seed=" + SEED + " " + message;
  }
}
