package dev.ratchet.store.raft;

import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;

/**
 * RocksDB options of the Raft log. The library's own let each log take up to 768 MB of memory and
 * keep 1 GB of write-ahead files; a log of small entries, cut at every snapshot, needs far less.
 */
final class LogStorageMemory {
  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final int WRITE_BUFFERS = 3;
  private static final long WRITE_AHEAD_BYTES = 64L << 20;
  private static final int INFO_LOGS = 4;

  private static final AtomicBoolean DONE = new AtomicBoolean();

  private LogStorageMemory() {}

  /** Sets the options of all Raft logs of this process; the library keeps them globally. */
  @SuppressWarnings("resource") // the library's registry owns the options until the process ends
  static void limit() {
    if (!DONE.compareAndSet(false, true)) {
      return;
    }
    RocksDB.loadLibrary();
    StorageOptionsFactory.registerRocksDBOptions(RocksDBLogStorage.class, database());
    StorageOptionsFactory.registerRocksDBColumnFamilyOptions(RocksDBLogStorage.class, family());
    StorageOptionsFactory.registerRocksDBTableFormatConfig(
        RocksDBLogStorage.class, new BlockBasedTableConfig().setBlockSize(16 << 10));
  }

  @SuppressWarnings("resource")
  private static DBOptions database() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setMaxOpenFiles(-1)
        .setKeepLogFileNum(INFO_LOGS)
        .setMaxTotalWalSize(WRITE_AHEAD_BYTES)
        // A torn last write was never acknowledged. Damage before it was: the default would drop
        // what follows and start; this refuses to open.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
  }

  @SuppressWarnings("resource")
  private static ColumnFamilyOptions family() {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setMaxWriteBufferNumber(WRITE_BUFFERS)
        .setTargetFileSizeBase(WRITE_BUFFER_BYTES)
        .setMaxBytesForLevelBase(4 * WRITE_BUFFER_BYTES)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setForceConsistencyChecks(true);
  }
}
