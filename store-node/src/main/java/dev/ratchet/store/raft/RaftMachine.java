package dev.ratchet.store.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import dev.ratchet.store.disk.DiskFault;
import dev.ratchet.store.disk.Durable;
import dev.ratchet.store.disk.HaltAction;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Feeds committed entries to the state, in order, and tells their outcomes. Confined to the
 * library's apply thread, but for what is volatile.
 *
 * <p>Invariants: every entry is applied from its bytes, on the proposer as on every other member;
 * an outcome is told only after its entry is visible; an entry that can't be applied halts the
 * node.
 */
final class RaftMachine extends StateMachineAdapter {
  /** Entries made visible at a time. */
  static final int MAX_COMMIT_ENTRIES = 256;

  /** Bytes of entries made visible at a time, by which the write batch is bounded. */
  static final int MAX_COMMIT_BYTES = 4 << 20;

  private final RaftSettings settings;
  private final ReplicatedState state;
  private final Leadership leadership;
  private final LastHeard heard;
  private final HaltAction halt;
  private final Executor snapshotWorker;
  private final Timer snapshotTimer;
  private volatile long term;
  private volatile long leaderTerm;

  RaftMachine(
      RaftSettings settings,
      ReplicatedState state,
      Leadership leadership,
      LastHeard heard,
      HaltAction halt,
      Executor snapshotWorker,
      MeterRegistry meters) {
    this.settings = settings;
    this.state = state;
    this.leadership = leadership;
    this.heard = heard;
    this.halt = halt;
    this.snapshotWorker = snapshotWorker;
    this.snapshotTimer =
        Timer.builder("ratchet.store.snapshot.save")
            .description("Snapshots of the state written, and the time each took")
            .tag("node", settings.node())
            .register(meters);
  }

  /** The last term that this member led or followed in. */
  long term() {
    return term;
  }

  /** The term that this member leads, all former terms applied; 0 while it doesn't. */
  long leaderTerm() {
    return leaderTerm;
  }

  @Override
  public void onApply(Iterator entries) {
    boolean whole = true;
    while (whole && entries.hasNext()) {
      whole = applySome(entries);
    }
  }

  private boolean applySome(Iterator entries) {
    List<Object> outcomes = new ArrayList<>();
    List<@Nullable Closure> proposers = new ArrayList<>();
    long last = 0;
    int bytes = 0;
    try {
      while (entries.hasNext()
          && outcomes.size() < MAX_COMMIT_ENTRIES
          && bytes < MAX_COMMIT_BYTES) {
        last = entries.getIndex();
        byte[] entry = bytesOf(entries.getData());
        bytes += entry.length;
        outcomes.add(state.apply(entry));
        proposers.add(entries.done());
        entries.next();
      }
      state.commit(last);
    } catch (IOException | RuntimeException e) {
      // Whatever the state died of, going on would skip an entry.
      stopAt(entries, last, outcomes.size(), e);
      return false;
    }
    for (int i = 0; i < outcomes.size(); i++) {
      if (proposers.get(i) instanceof Proposal proposal) {
        proposal.applied(outcomes.get(i));
      }
    }
    return true;
  }

  private void stopAt(Iterator entries, long index, int applied, Exception cause) {
    int rolledBack = applied + (entries.hasNext() ? 1 : 0);
    entries.setErrorAndRollback(
        Math.max(rolledBack, 1), new Status(RaftError.ESTATEMACHINE, String.valueOf(cause)));
    halt.halt(
        cause instanceof IOException || cause instanceof UncheckedIOException
            ? DiskFault.explain(settings.folder(), String.valueOf(cause.getMessage()))
            : "entry "
                + index
                + " of the log can't be applied: "
                + cause
                + "; the node stops rather than skip it. "
                + state.adviceOn(cause),
        cause);
  }

  private static byte[] bytesOf(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public void onLeaderStart(long startedTerm) {
    term = startedTerm;
    leaderTerm = startedTerm;
    leadership.onLeaderStart(startedTerm, heard.nanos());
  }

  @Override
  public void onLeaderStop(Status status) {
    heard.now(); // from callers, until now
    leaderTerm = 0;
    leadership.onLeaderStop();
  }

  @Override
  public void onStartFollowing(LeaderChangeContext leader) {
    term = leader.getTerm();
  }

  @Override
  public void onStopFollowing(LeaderChangeContext leader) {
    term = leader.getTerm();
  }

  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    Path folder = Path.of(writer.getPath());
    long started = System.nanoTime();
    try {
      state.saveTo(folder);
    } catch (IOException | RuntimeException e) {
      failSave(e, done);
      return;
    }
    // What is left is reading files that no longer change; entries go on being applied.
    snapshotWorker.execute(() -> completeSave(writer, folder, started, done));
  }

  private void completeSave(SnapshotWriter writer, Path folder, long started, Closure done) {
    try {
      for (String name : SnapshotManifest.write(folder, settings.cluster())) {
        if (!writer.addFile(name)) {
          throw new IOException("the snapshot already has a file " + name);
        }
      }
      Durable.sync(folder);
    } catch (IOException e) {
      failSave(e, done);
      return;
    }
    snapshotTimer.record(java.time.Duration.ofNanos(System.nanoTime() - started));
    done.run(Status.OK());
  }

  private void failSave(Exception cause, Closure done) {
    String why = DiskFault.explain(settings.snapshot(), "a snapshot can't be written: " + cause);
    done.run(new Status(RaftError.EIO, "%s", why));
    halt.halt(why, cause);
  }

  @Override
  public boolean onSnapshotLoad(SnapshotReader reader) {
    Path folder = Path.of(reader.getPath());
    try {
      SnapshotManifest.verify(folder, settings.cluster());
      state.loadFrom(folder);
      return true;
    } catch (IOException | RuntimeException e) {
      // A state half loaded must never be served.
      halt.halt("the snapshot " + folder + " can't be loaded: " + e, e);
      return false;
    }
  }

  @Override
  public void onError(RaftException error) {
    leaderTerm = 0;
    leadership.onLeaderStop();
    String what = "Raft stopped with " + error.getType() + ", " + error.getStatus();
    halt.halt(ofDisk(error) ? DiskFault.explain(settings.folder(), what) : what, error);
  }

  private static boolean ofDisk(RaftException error) {
    return error.getType() == ErrorType.ERROR_TYPE_LOG
        || error.getType() == ErrorType.ERROR_TYPE_META
        || error.getType() == ErrorType.ERROR_TYPE_SNAPSHOT;
  }
}
