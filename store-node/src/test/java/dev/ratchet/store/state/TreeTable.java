package dev.ratchet.store.state;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A state table in memory, for tests. Not thread-safe. */
public final class TreeTable implements StateTable {
  private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public byte @Nullable [] get(byte[] key) {
    return entries.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    entries.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    entries.remove(key);
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) {
    for (Map.Entry<byte[], byte[]> entry : entries.tailMap(prefix, true).entrySet()) {
      byte[] key = entry.getKey();
      if (key.length < prefix.length
          || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
        return;
      }
      visitor.visit(key, entry.getValue());
    }
  }

  /** A table with the same entries. */
  public TreeTable copy() {
    TreeTable copy = new TreeTable();
    entries.forEach((key, value) -> copy.put(key.clone(), value.clone()));
    return copy;
  }

  /** Keys and values, one after another. */
  public byte[] dump() {
    FieldWriter out = new FieldWriter(1024);
    entries.forEach((key, value) -> out.bytes(key).bytes(value));
    return out.toBytes();
  }
}
