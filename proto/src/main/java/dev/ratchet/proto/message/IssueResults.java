package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.WireReader;
import dev.ratchet.proto.wire.WireWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of an {@link IssueReply} in columns, and the bytes of one in which nothing went wrong
 * without an object a result. The bytes are those of {@link IssueReply#SCHEMA}, and those of {@link
 * CallReply#SCHEMA}, which has the same results. Used again and again; not thread-safe.
 */
public final class IssueResults {
  private static final int RESULTS = 1;
  private static final int VALUE = 2;
  private static final int EPOCH = 3;
  private static final int UPPER_BOUND = 4;

  private long[] values;
  private long[] epochs;
  private boolean[] upperBounds;
  private int size;

  /** Of a reply that was not plain. */
  private @Nullable IssueReply whole;

  /** Room for so many, to begin with. */
  public IssueResults(int expected) {
    int room = Math.max(1, expected);
    values = new long[room];
    epochs = new long[room];
    upperBounds = new boolean[room];
  }

  /** Forgets what it holds. */
  public void clear() {
    size = 0;
    whole = null;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** As {@link IssueResult#value}; 0 where it failed. */
  public long value(int index) {
    return values[index];
  }

  /** As {@link IssueResult#epoch}; 0 where it failed. */
  public long epoch(int index) {
    return epochs[index];
  }

  /** As {@link IssueResult#upperBound}. */
  public boolean upperBound(int index) {
    return upperBounds[index];
  }

  /** What went wrong, or null where nothing did. */
  public @Nullable IssueResult failure(int index) {
    IssueReply all = whole;
    if (all == null) {
      return null;
    }
    IssueResult result = all.results().get(index);
    return result.error() == 0 ? null : result;
  }

  /** Newer routes; mostly none. */
  public List<RouteDelta> routes() {
    IssueReply all = whole;
    return all == null ? List.of() : all.routes();
  }

  /** One more, in which nothing went wrong. */
  public void add(long value, long epoch, boolean upperBound) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      epochs = Arrays.copyOf(epochs, 2 * size);
      upperBounds = Arrays.copyOf(upperBounds, 2 * size);
    }
    values[size] = value;
    epochs[size] = epoch;
    upperBounds[size] = upperBound;
    size++;
  }

  /** Writes all of them, in none of which anything went wrong. */
  public void write(WireWriter out) {
    for (int i = 0; i < size; i++) {
      write(out, values[i], epochs[i], upperBounds[i]);
    }
  }

  /** Writes a result in which nothing went wrong. */
  public static void write(WireWriter out, long value, long epoch, boolean upperBound) {
    int result = out.begin(RESULTS);
    out.varint(VALUE, value);
    out.varint(EPOCH, epoch);
    out.varint(UPPER_BOUND, upperBound ? 1 : 0);
    out.end(result);
  }

  /**
   * The results of a reply's bytes.
   *
   * @param expected how many were asked for
   * @throws dev.ratchet.proto.RatchetException when they are no reply
   */
  public static IssueResults read(byte[] reply, int expected) {
    IssueResults results = new IssueResults(expected);
    if (!results.readPlain(reply)) {
      results.take(IssueReply.SCHEMA.decode(reply));
    }
    return results;
  }

  private boolean readPlain(byte[] reply) {
    try {
      WireReader in = new WireReader(reply);
      while (in.hasMore()) {
        if (in.tag() != WireReader.lengthTag(RESULTS)) {
          return false;
        }
        int outer = in.enter();
        if (!readResult(in)) {
          return false;
        }
        in.leave(outer);
      }
      return true;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private boolean readResult(WireReader in) {
    long value = 0;
    long epoch = 0;
    boolean upperBound = false;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == WireReader.varintTag(VALUE)) {
        value = in.varint();
      } else if (tag == WireReader.varintTag(EPOCH)) {
        epoch = in.varint();
      } else if (tag == WireReader.varintTag(UPPER_BOUND)) {
        upperBound = in.varint() != 0;
      } else {
        return false;
      }
    }
    add(value, epoch, upperBound);
    return true;
  }

  private void take(IssueReply reply) {
    clear();
    whole = reply;
    for (IssueResult result : reply.results()) {
      add(result.value(), result.epoch(), result.upperBound());
    }
  }
}
