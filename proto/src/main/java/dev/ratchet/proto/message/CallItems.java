package dev.ratchet.proto.message;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.wire.WireReader;
import dev.ratchet.proto.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The items of a {@link CallRequest} as they lie in its bytes, those of {@link CallRequest#SCHEMA}.
 * The name of a namespace is made once for all items in a row that have it. Stateless.
 */
public final class CallItems {
  private static final int ITEMS = 1;
  private static final int TIMEOUT_MILLIS = 2;
  private static final int NAMESPACE = 1;
  private static final int KEY = 2;
  private static final int COUNT = 3;
  private static final byte[] NO_BYTES = {};

  private CallItems() {}

  /** Sees the items, and then how long the caller will wait. */
  public interface Visitor {
    /** As {@link CallItem}; the key is the visitor's own. */
    void item(String namespace, byte[] key, int count);

    /** As {@link CallRequest#timeoutMillis}. */
    void timeoutMillis(int millis);
  }

  /**
   * Shows the items of a request's bytes.
   *
   * @return false when they are not plain: too many items, unknown fields, or no request at all;
   *     then the schema tells what they are, and what was seen means nothing
   */
  public static boolean read(byte[] request, Visitor visitor) {
    try {
      return new Reader(new WireReader(request), visitor).read();
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private static final class Reader {
    private final WireReader in;
    private final Visitor visitor;
    private byte[] lastName = NO_BYTES;
    private String lastNamespace = "";
    private int items;

    Reader(WireReader in, Visitor visitor) {
      this.in = in;
      this.visitor = visitor;
    }

    boolean read() {
      int timeoutMillis = 0;
      while (in.hasMore()) {
        int tag = in.tag();
        if (tag == WireReader.lengthTag(ITEMS) && items < Limits.MAX_BATCH) {
          int outer = in.enter();
          if (!item()) {
            return false;
          }
          in.leave(outer);
        } else if (tag == WireReader.varintTag(TIMEOUT_MILLIS)) {
          timeoutMillis = (int) in.varint();
        } else {
          return false;
        }
      }
      visitor.timeoutMillis(timeoutMillis);
      return true;
    }

    private boolean item() {
      String namespace = "";
      byte[] key = NO_BYTES;
      int count = 0;
      while (in.hasMore()) {
        int tag = in.tag();
        if (tag == WireReader.lengthTag(NAMESPACE)) {
          namespace = namespace();
        } else if (tag == WireReader.lengthTag(KEY)) {
          key = in.copy();
        } else if (tag == WireReader.varintTag(COUNT)) {
          count = (int) in.varint();
        } else {
          return false;
        }
      }
      items++;
      visitor.item(namespace, key, count);
      return true;
    }

    private String namespace() {
      if (!in.isNext(lastName)) {
        lastName = in.copy();
        lastNamespace = new String(lastName, StandardCharsets.US_ASCII);
        if (!Arrays.equals(lastNamespace.getBytes(StandardCharsets.US_ASCII), lastName)) {
          // No namespace is called that; the schema says whether it is text at all.
          throw new IllegalArgumentException("not ASCII");
        }
      }
      return lastNamespace;
    }
  }

  /** Writes the items of one request. */
  public static final class Writer {
    private final WireWriter out;
    private String lastNamespace = "";
    private byte[] lastName = NO_BYTES;

    /** Writes to {@code out}, from where it is. */
    public Writer(WireWriter out) {
      this.out = out;
    }

    /** Writes an item. */
    public void write(String namespace, byte[] key, int count) {
      if (!namespace.equals(lastNamespace)) {
        lastNamespace = namespace;
        lastName = namespace.getBytes(StandardCharsets.UTF_8);
      }
      int item = out.begin(ITEMS);
      out.bytes(NAMESPACE, lastName);
      out.bytes(KEY, key);
      out.varint(COUNT, Integer.toUnsignedLong(count));
      out.end(item);
    }

    /** Writes how long the caller will wait. */
    public void writeTimeout(int millis) {
      out.varint(TIMEOUT_MILLIS, Integer.toUnsignedLong(millis));
    }
  }
}
