package dev.ratchet.store;

import dev.ratchet.store.lead.AppliedListener;
import dev.ratchet.store.lead.LeaderDuties;
import dev.ratchet.store.raft.Leadership;
import dev.ratchet.store.rpc.StoreDoor;
import dev.ratchet.store.state.Result;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what the apply thread tells. The log is replayed and may elect before the door can be
 * opened, so the door joins later; until then nobody waits at it.
 */
final class Relay implements Leadership, AppliedListener {
  private final LeaderDuties duties;
  private volatile @Nullable StoreDoor door;

  Relay(LeaderDuties duties) {
    this.duties = duties;
  }

  void open(StoreDoor opened) {
    door = opened;
  }

  @Override
  public void onLeaderStart(long term, long heardNanos) {
    duties.onLeaderStart(term, heardNanos);
    StoreDoor opened = door;
    if (opened != null) {
      opened.onLeaderStart();
    }
  }

  @Override
  public void onLeaderStop() {
    duties.onLeaderStop();
    StoreDoor opened = door;
    if (opened != null) {
      opened.onLeaderStop();
    }
  }

  @Override
  public void onApplied(Result result) {
    duties.onApplied(result);
    StoreDoor opened = door;
    if (opened != null) {
      opened.onApplied(result);
    }
  }
}
