package dev.ratchet.store.state;

import org.jspecify.annotations.Nullable;

/**
 * An ordered table of byte keys and byte values, where the state is kept. Keys are ordered as
 * unsigned bytes. A read sees every write made before it through the same table. Callers never
 * change an array they put in or got out.
 */
public interface StateTable {
  /** The value of a key, or null. */
  byte @Nullable [] get(byte[] key);

  /** Sets the value of a key. */
  void put(byte[] key, byte[] value);

  /** Removes a key; nothing happens if there is none. */
  void delete(byte[] key);

  /**
   * Shows every key that starts with a prefix, in ascending order. The visitor must not write to
   * the table.
   */
  void scan(byte[] prefix, Visitor visitor);

  /** Sees the entries of a scan. */
  @FunctionalInterface
  interface Visitor {
    void visit(byte[] key, byte[] value);
  }
}
