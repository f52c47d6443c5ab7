package dev.ratchet.testkit.sim;

import dev.ratchet.store.lead.MachineTable;
import dev.ratchet.store.state.StateTable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state table in memory, which knows a digest of its whole content at any time. Writes and the
 * commit after them happen in one event, so what is written and what is committed never differ when
 * somebody looks. Snapshots are kept by their path, on what stands for the disk.
 */
final class MemoryTable implements MachineTable {
  private final Map<Path, MemoryTable> snapshots;
  private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private final List<Long> written = new ArrayList<>();
  private long digest;

  MemoryTable(Map<Path, MemoryTable> snapshots) {
    this.snapshots = snapshots;
  }

  /** Equal for tables of equal content, and else different but for chance. */
  long digest() {
    return digest;
  }

  /** The sections written since the last call, as namespace × 2^32 + section. */
  List<Long> takeWritten() {
    List<Long> sections = List.copyOf(written);
    written.clear();
    return sections;
  }

  private static long digest(byte[] key, byte @Nullable [] value) {
    if (value == null) {
      return 0;
    }
    long mixed = 31L * Arrays.hashCode(key) + 1_000_003L * Arrays.hashCode(value);
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    return (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return entries.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    byte[] old = entries.put(key, value);
    digest += digest(key, value) - digest(key, old);
    if (key[0] == 's') {
      written.add(ByteBuffer.wrap(key).getLong(1));
    }
  }

  @Override
  public void delete(byte[] key) {
    byte[] old = entries.remove(key);
    digest -= digest(key, old);
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

  @Override
  public StateTable committed() {
    return this;
  }

  @Override
  public void commit() {}

  @Override
  public void saveTo(Path folder) {
    MemoryTable copy = new MemoryTable(snapshots);
    copy.entries.putAll(entries);
    copy.digest = digest;
    snapshots.put(folder, copy);
  }

  @Override
  public void loadFrom(Path folder) {
    MemoryTable saved = snapshots.get(folder);
    if (saved == null) {
      throw new IllegalStateException("there is no snapshot " + folder);
    }
    entries.clear();
    entries.putAll(saved.entries);
    digest = saved.digest;
  }
}
