package dev.ratchet.store.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.store.lead.AppliedListener;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which owners are to stop serving what was halted, whoever found it behind. They are told with
 * every renewal, since an answer may be lost, until the section is resumed or their lease is over.
 * Thread-safe.
 */
public final class HaltNotices implements AppliedListener {
  /** Most sections told with one renewal; the others follow in turn. */
  static final int MAX_PER_RENEWAL = 1_024;

  private final StateReader reader;

  @GuardedBy("this")
  private final Map<Integer, Set<SectionEpoch>> byOwner = new TreeMap<>();

  /** {@code reader}: the committed state. */
  public HaltNotices(StateReader reader) {
    this.reader = reader;
  }

  /** Finds what was halted before this member applied entries; touches every section. */
  void load() {
    reader.sections(this::note);
  }

  @Override
  public void onApplied(Result result) {
    if (result instanceof Result.Witnessed witnessed && witnessed.routes() != null) {
      witnessed.halted().forEach(this::note);
    } else if (result instanceof Result.Resumed resumed && resumed.routes() != null) {
      resumed.routes().runs().forEach(this::forget);
    } else if (result instanceof Result.Expired expired) {
      forget(expired.incarnation());
    } else if (result instanceof Result.Released released && released.left()) {
      forget(released.incarnation());
    }
  }

  private void note(SectionEpoch halted) {
    SectionRecord record = reader.section(halted.namespaceId(), halted.section());
    if (record != null) {
      note(halted.namespaceId(), halted.section(), record);
    }
  }

  private synchronized void note(int namespaceId, int section, SectionRecord record) {
    if (record.halted() && record.owner() != 0) {
      byOwner
          .computeIfAbsent(record.owner(), owner -> new LinkedHashSet<>())
          .add(new SectionEpoch(namespaceId, section, record.epoch()));
    }
  }

  private synchronized void forget(SectionRun run) {
    byOwner.values().forEach(halted -> halted.removeIf(one -> isIn(run, one)));
  }

  private static boolean isIn(SectionRun run, SectionEpoch one) {
    return one.namespaceId() == run.namespaceId()
        && one.section() >= run.first()
        && one.section() < run.first() + run.count();
  }

  private synchronized void forget(int incarnation) {
    byOwner.remove(incarnation);
  }

  /** Some of the halted sections of an owner, others each time, until all had their turn. */
  synchronized List<SectionEpoch> next(int incarnation) {
    Set<SectionEpoch> halted = byOwner.getOrDefault(incarnation, Set.of());
    List<SectionEpoch> told = new ArrayList<>();
    Iterator<SectionEpoch> each = halted.iterator();
    while (each.hasNext() && told.size() < MAX_PER_RENEWAL) {
      told.add(each.next());
    }
    if (told.size() < halted.size()) {
      told.forEach(halted::remove);
      halted.addAll(told);
    }
    return told;
  }
}
