package dev.ratchet.client;

import dev.ratchet.proto.key.ByNamespace;
import dev.ratchet.proto.key.Namespace;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The highest epoch seen in an answer, for each section. Invariant: an epoch never goes down. An
 * answer below it comes from a time that is over, and letting it through could show a number that
 * goes back. Thread-safe, lock-free.
 */
final class EpochFloor {
  private final ByNamespace<AtomicLongArray> epochs = new ByNamespace<>();

  /** The highest epoch seen of a section, 0 for none. */
  long of(int namespaceId, int section) {
    AtomicLongArray sections = epochs.get(namespaceId);
    return sections == null ? 0 : sections.get(section);
  }

  /** Takes in the epoch of an answer; false if a higher one was seen before. */
  boolean accept(Namespace namespace, int section, long epoch) {
    AtomicLongArray sections = epochs.get(namespace.id());
    if (sections == null) {
      sections =
          epochs.getOrMake(namespace.id(), () -> new AtomicLongArray(namespace.sectionCount()));
    }
    while (true) {
      long seen = sections.get(section);
      if (epoch <= seen) {
        return epoch == seen;
      }
      if (sections.compareAndSet(section, seen, epoch)) {
        return true;
      }
    }
  }
}
