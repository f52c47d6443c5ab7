package dev.ratchet.proto.message;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.wire.WireReader;
import dev.ratchet.proto.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The items of an {@link IssueRequest} in columns, and its bytes without an object an item: an
 * allocation node reads millions a second. The bytes are those of {@link IssueRequest#SCHEMA}. Used
 * again and again; not thread-safe.
 */
public final class IssueItems {
  private static final int ITEMS = 1;
  private static final int TIMEOUT_MILLIS = 2;
  private static final int NAMESPACE_ID = 1;
  private static final int KEY = 2;
  private static final int COUNT = 3;
  private static final int EPOCH = 4;

  private int[] namespaceIds = new int[16];
  private long[] keys = new long[16];
  private int[] counts = new int[16];
  private long[] epochs = new long[16];
  private int size;
  private int timeoutMillis;

  /** How many there are. */
  public int size() {
    return size;
  }

  /** As {@link IssueItem#namespaceId}. */
  public int namespaceId(int index) {
    return namespaceIds[index];
  }

  /** As {@link IssueItem#key}. */
  public long key(int index) {
    return keys[index];
  }

  /** As {@link IssueItem#count}. */
  public int count(int index) {
    return counts[index];
  }

  /** As {@link IssueItem#epoch}. */
  public long epoch(int index) {
    return epochs[index];
  }

  /** The same as a message. */
  public IssueRequest toRequest() {
    List<IssueItem> items = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      items.add(new IssueItem(namespaceIds[i], keys[i], counts[i], epochs[i]));
    }
    return new IssueRequest(items, timeoutMillis);
  }

  /**
   * Takes in the bytes of a request in place of what it held.
   *
   * @return false when they are not plain: too many items, unknown fields, or no request at all;
   *     then the schema tells what they are, and what is held here means nothing
   */
  public boolean read(byte[] request) {
    size = 0;
    timeoutMillis = 0;
    try {
      return read(new WireReader(request));
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private boolean read(WireReader in) {
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == WireReader.lengthTag(ITEMS) && size < Limits.MAX_BATCH) {
        int outer = in.enter();
        if (!readItem(in)) {
          return false;
        }
        in.leave(outer);
      } else if (tag == WireReader.varintTag(TIMEOUT_MILLIS)) {
        timeoutMillis = (int) in.varint();
      } else {
        return false;
      }
    }
    return true;
  }

  private boolean readItem(WireReader in) {
    int namespaceId = 0;
    long key = 0;
    int count = 0;
    long epoch = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == WireReader.varintTag(NAMESPACE_ID)) {
        namespaceId = (int) in.varint();
      } else if (tag == WireReader.fixed64Tag(KEY)) {
        key = in.fixed64();
      } else if (tag == WireReader.varintTag(COUNT)) {
        count = (int) in.varint();
      } else if (tag == WireReader.varintTag(EPOCH)) {
        epoch = in.varint();
      } else {
        return false;
      }
    }
    add(namespaceId, key, count, epoch);
    return true;
  }

  private void add(int namespaceId, long key, int count, long epoch) {
    if (size == keys.length) {
      namespaceIds = Arrays.copyOf(namespaceIds, 2 * size);
      keys = Arrays.copyOf(keys, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      epochs = Arrays.copyOf(epochs, 2 * size);
    }
    namespaceIds[size] = namespaceId;
    keys[size] = key;
    counts[size] = count;
    epochs[size] = epoch;
    size++;
  }

  /** Writes an item of a request. */
  public static void writeItem(WireWriter out, int namespaceId, long key, int count, long epoch) {
    int item = out.begin(ITEMS);
    out.varint(NAMESPACE_ID, Integer.toUnsignedLong(namespaceId));
    out.fixed64(KEY, key);
    out.varint(COUNT, Integer.toUnsignedLong(count));
    out.varint(EPOCH, epoch);
    out.end(item);
  }

  /** Writes how long the caller will wait. */
  public static void writeTimeout(WireWriter out, int millis) {
    out.varint(TIMEOUT_MILLIS, Integer.toUnsignedLong(millis));
  }
}
