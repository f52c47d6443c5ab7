package dev.ratchet.proto.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decoded field values by tag, with proto3 defaults for those that were absent. Confined to one
 * decode.
 */
public final class Values {
  private static final byte[] NO_BYTES = {};

  private final long[] numbers;
  private final @Nullable Object[] objects;

  Values(int highestTag) {
    numbers = new long[highestTag + 1];
    objects = new Object[highestTag + 1];
  }

  /** A 32-bit field; 0 if absent. */
  public int int32(int tag) {
    return (int) numbers[tag];
  }

  /** A 64-bit field; 0 if absent. */
  public long int64(int tag) {
    return numbers[tag];
  }

  /** A flag; false if absent. */
  public boolean bool(int tag) {
    return numbers[tag] != 0;
  }

  /** A text; empty if absent. */
  public String string(int tag) {
    return objects[tag] instanceof String text ? text : "";
  }

  /** Raw bytes; empty if absent. */
  public byte[] bytes(int tag) {
    return objects[tag] instanceof byte[] bytes ? bytes : NO_BYTES;
  }

  /** The messages of a list; empty if absent. */
  @SuppressWarnings("unchecked") // the field of this tag put only elements of its own schema in
  public <E> List<E> list(int tag) {
    return objects[tag] instanceof List<?> list
        ? Collections.unmodifiableList((List<E>) list)
        : List.of();
  }

  void set(int tag, long number) {
    numbers[tag] = number;
  }

  void set(int tag, Object value) {
    objects[tag] = value;
  }

  @SuppressWarnings("unchecked") // the field of this tag put only elements of its own schema in
  <E> void add(int tag, E element) {
    List<E> list = (List<E>) objects[tag];
    if (list == null) {
      list = new ArrayList<>();
      objects[tag] = list;
    }
    list.add(element);
  }
}
