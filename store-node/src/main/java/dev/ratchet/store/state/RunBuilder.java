package dev.ratchet.store.state;

import dev.ratchet.proto.message.SectionRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins neighbouring sections of equal owner and epoch into runs. Not thread-safe. */
final class RunBuilder {
  private final List<SectionRun> runs = new ArrayList<>();
  private @Nullable SectionRun open;

  void add(int namespaceId, int section, int owner, long epoch) {
    SectionRun run = open;
    if (run != null
        && run.namespaceId() == namespaceId
        && run.first() + run.count() == section
        && run.owner() == owner
        && run.epoch() == epoch) {
      open = new SectionRun(namespaceId, run.first(), run.count() + 1, owner, epoch);
      return;
    }
    if (run != null) {
      runs.add(run);
    }
    open = new SectionRun(namespaceId, section, 1, owner, epoch);
  }

  boolean isEmpty() {
    return open == null;
  }

  List<SectionRun> build() {
    SectionRun run = open;
    if (run != null) {
      runs.add(run);
    }
    open = null;
    return List.copyOf(runs);
  }
}
