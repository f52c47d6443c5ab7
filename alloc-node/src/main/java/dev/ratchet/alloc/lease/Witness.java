package dev.ratchet.alloc.lease;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.WitnessItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this process saw committed of each section it ever held, through all its leases: the highest
 * epoch and the highest maxSeq. By it a store that has gone back in time is found out. Sixteen
 * bytes a section of every namespace touched. Confined to the control thread.
 */
public final class Witness {
  private final Map<Integer, Seen> namespaces = new TreeMap<>();

  /** Where {@link #next} goes on. */
  private int nextNamespace;

  private int nextSection;

  /** By section; 0 for never. */
  private static final class Seen {
    final long[] epochs;
    final long[] maxSeqs;

    Seen(int sections) {
      epochs = new long[sections];
      maxSeqs = new long[sections];
    }
  }

  /** A grant or a raise of a section is committed. */
  public void saw(Namespace namespace, int section, long epoch, long maxSeq) {
    Seen seen =
        namespaces.computeIfAbsent(namespace.id(), id -> new Seen(namespace.sectionCount()));
    seen.epochs[section] = Math.max(seen.epochs[section], epoch);
    seen.maxSeqs[section] = Math.max(seen.maxSeqs[section], maxSeq);
  }

  /** Highest epoch seen of a section, 0 for none. */
  public long epoch(int namespaceId, int section) {
    Seen seen = namespaces.get(namespaceId);
    return seen == null || section >= seen.epochs.length ? 0 : seen.epochs[section];
  }

  /** Highest maxSeq seen of a section, 0 for none. */
  public long maxSeq(int namespaceId, int section) {
    Seen seen = namespaces.get(namespaceId);
    return seen == null || section >= seen.maxSeqs.length ? 0 : seen.maxSeqs[section];
  }

  /** All that was seen. */
  public List<WitnessItem> all() {
    List<WitnessItem> items = new ArrayList<>();
    namespaces.forEach((id, seen) -> collect(items, id, seen, 0, Integer.MAX_VALUE));
    return items;
  }

  /** Some of what was seen, at most so many: other sections each time, until all had their turn. */
  public List<WitnessItem> next(int most) {
    List<WitnessItem> items = new ArrayList<>();
    for (Map.Entry<Integer, Seen> entry : namespaces.entrySet()) {
      int id = entry.getKey();
      if (id < nextNamespace) {
        continue;
      }
      int from = id == nextNamespace ? nextSection : 0;
      int end = collect(items, id, entry.getValue(), from, most);
      if (items.size() == most) {
        nextNamespace = id;
        nextSection = end;
        return items;
      }
    }
    nextNamespace = 0;
    nextSection = 0;
    return items;
  }

  private static int collect(List<WitnessItem> items, int id, Seen seen, int from, int most) {
    int section = from;
    for (; section < seen.epochs.length && items.size() < most; section++) {
      if (seen.epochs[section] > 0) {
        items.add(new WitnessItem(id, section, seen.epochs[section], seen.maxSeqs[section]));
      }
    }
    return section;
  }
}
