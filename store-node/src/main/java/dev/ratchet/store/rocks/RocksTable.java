package dev.ratchet.store.rocks;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.store.disk.DiskFault;
import dev.ratchet.store.disk.HaltAction;
import dev.ratchet.store.lead.MachineTable;
import dev.ratchet.store.state.StateTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatchWithIndex;

/**
 * The state's table in RocksDB. It is thrown away at open, and rebuilt from the snapshot and the
 * log: it is never more durable than they are, so it needs no log of its own.
 *
 * <p>Invariants: what the apply thread wrote is seen by it at once, and by all others only after
 * {@link #commit}, as a whole; an I/O error halts the node, since a table that lost a write is
 * wrong for ever.
 *
 * <p>{@code StateTable}'s own methods, commit, saveTo and loadFrom are for the apply thread; {@link
 * #committed} is for any.
 */
public final class RocksTable implements MachineTable, AutoCloseable {
  private final Path folder;
  private final HaltAction halt;
  private final RocksSettings settings = new RocksSettings();
  private final WriteBatchWithIndex pending = new WriteBatchWithIndex(true);
  private final StateTable committed = new Committed();

  /** Held for writing while the database is exchanged or closed, for reading while it is used. */
  private final ReadWriteLock exchange = new ReentrantReadWriteLock();

  @GuardedBy("exchange")
  private @Nullable RocksDB database;

  private RocksTable(Path folder, HaltAction halt) {
    this.folder = folder;
    this.halt = halt;
  }

  /**
   * An empty table in a folder of its own; what was there is removed.
   *
   * @param halt called when a read outside of the apply thread meets an I/O error
   */
  public static RocksTable open(Path folder, HaltAction halt) throws IOException {
    RocksTable table = new RocksTable(folder, halt);
    RocksFiles.wipe(folder);
    java.nio.file.Files.createDirectories(folder);
    table.openDatabase();
    return table;
  }

  private void openDatabase() throws IOException {
    exchange.writeLock().lock();
    try {
      database = RocksDB.open(settings.options(), folder.toString());
    } catch (RocksDBException e) {
      throw failure("can't open the table", e);
    } finally {
      exchange.writeLock().unlock();
    }
  }

  private void closeDatabase() {
    exchange.writeLock().lock();
    try {
      if (database != null) {
        database.close();
      }
      database = null;
    } finally {
      exchange.writeLock().unlock();
    }
  }

  /** What is committed, for any thread; it takes no writes. */
  @Override
  public StateTable committed() {
    return committed;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return use(db -> pending.getFromBatchAndDB(db, settings.reads(), key));
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      pending.put(key, value);
    } catch (RocksDBException e) {
      throw new UncheckedIOException(failure("can't write", e));
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      pending.delete(key);
    } catch (RocksDBException e) {
      throw new UncheckedIOException(failure("can't delete", e));
    }
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) {
    use(
        db -> {
          try (RocksIterator base = db.newIterator(settings.reads());
              RocksIterator merged = pending.newIteratorWithBase(base)) {
            visit(merged, prefix, visitor);
          }
          return null;
        });
  }

  private static void visit(RocksIterator from, byte[] prefix, Visitor visitor)
      throws RocksDBException {
    for (from.seek(prefix); from.isValid(); from.next()) {
      byte[] key = from.key();
      if (!startsWith(key, prefix)) {
        break;
      }
      visitor.visit(key, from.value());
    }
    from.status();
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && java.util.Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Makes all writes since the last commit visible, together. */
  @Override
  public void commit() throws IOException {
    exchange.readLock().lock();
    try {
      required().write(settings.writes(), pending);
      pending.clear();
    } catch (RocksDBException e) {
      throw failure("can't write", e);
    } finally {
      exchange.readLock().unlock();
    }
  }

  /** Writes the table as of the last commit into an existing folder, as plain files. */
  @Override
  public void saveTo(Path target) throws IOException {
    Path checkpoint = target.resolve("checkpoint");
    exchange.readLock().lock();
    try (Checkpoint maker = Checkpoint.create(required())) {
      maker.createCheckpoint(checkpoint.toString());
    } catch (RocksDBException e) {
      throw failure("can't write a checkpoint", e);
    } finally {
      exchange.readLock().unlock();
    }
    RocksFiles.moveAll(checkpoint, target);
  }

  /** Replaces the whole table by what {@link #saveTo} wrote; those files stay as they are. */
  @Override
  public void loadFrom(Path source) throws IOException {
    exchange.writeLock().lock();
    try {
      pending.clear();
      closeDatabase();
      RocksFiles.wipe(folder);
      RocksFiles.cloneDatabase(source, folder);
      openDatabase();
    } finally {
      exchange.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    exchange.writeLock().lock();
    try {
      if (database != null) {
        closeDatabase();
        pending.close();
        settings.close();
      }
    } finally {
      exchange.writeLock().unlock();
    }
  }

  private IOException failure(String what, RocksDBException cause) {
    return new IOException(what + " in " + folder + ": " + cause.getMessage(), cause);
  }

  @GuardedBy("exchange")
  private RocksDB required() {
    RocksDB open = database;
    if (open == null) {
      throw new IllegalStateException("the table in " + folder + " is closed");
    }
    return open;
  }

  private byte @Nullable [] use(Use read) {
    exchange.readLock().lock();
    try {
      return read.with(required());
    } catch (RocksDBException e) {
      throw new UncheckedIOException(failure("can't read", e));
    } finally {
      exchange.readLock().unlock();
    }
  }

  /** A use of the open database; a scan gives null. */
  private interface Use {
    byte @Nullable [] with(RocksDB database) throws RocksDBException;
  }

  /** Reads of the database alone. */
  private final class Committed implements StateTable {
    @Override
    public byte @Nullable [] get(byte[] key) {
      return halting(db -> db.get(settings.reads(), key));
    }

    @Override
    public void scan(byte[] prefix, Visitor visitor) {
      halting(
          db -> {
            try (RocksIterator all = db.newIterator(settings.reads())) {
              visit(all, prefix, visitor);
            }
            return null;
          });
    }

    private byte @Nullable [] halting(Use read) {
      try {
        return use(read);
      } catch (UncheckedIOException e) {
        halt.halt(DiskFault.explain(folder, String.valueOf(e.getMessage())), e);
        throw e;
      }
    }

    @Override
    public void put(byte[] key, byte[] value) {
      throw new UnsupportedOperationException("only the apply thread writes");
    }

    @Override
    public void delete(byte[] key) {
      throw new UnsupportedOperationException("only the apply thread writes");
    }
  }
}
