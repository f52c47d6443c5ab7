package dev.ratchet.store.rocks;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

/** RocksDB's options for the state: small, since dev mode runs three in one process. */
final class RocksSettings implements AutoCloseable {
  private static final long CACHE_BYTES = 16L << 20;
  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int OPEN_FILES = 256;
  private static final double BLOOM_BITS = 10;

  private final Cache cache;
  private final BloomFilter bloom;
  private final Options options;
  private final WriteOptions writes;
  private final ReadOptions reads;

  RocksSettings() {
    RocksDB.loadLibrary();
    cache = new LRUCache(CACHE_BYTES);
    bloom = new BloomFilter(BLOOM_BITS);
    options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setMaxOpenFiles(OPEN_FILES)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setKeepLogFileNum(2)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setStatsDumpPeriodSec(0)
            // The next start rebuilds the table from snapshot and log.
            .setAvoidFlushDuringShutdown(true)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
    // The Raft log is the write-ahead log.
    writes = new WriteOptions().setDisableWAL(true);
    reads = new ReadOptions().setTotalOrderSeek(true);
  }

  Options options() {
    return options;
  }

  WriteOptions writes() {
    return writes;
  }

  ReadOptions reads() {
    return reads;
  }

  @Override
  public void close() {
    reads.close();
    writes.close();
    options.close();
    bloom.close();
    cache.close();
  }
}
