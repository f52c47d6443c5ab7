package dev.ratchet.alloc.section;

import dev.ratchet.proto.key.ByNamespace;
import dev.ratchet.proto.key.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The sections held under one lease. Look-ups from any thread take no lock; changes come from the
 * control thread.
 */
public final class SectionTable {
  private final ByNamespace<AtomicReferenceArray<Section>> byNamespace = new ByNamespace<>();
  private final AtomicInteger size = new AtomicInteger();

  /** The section held, or null. */
  public @Nullable Section get(int namespaceId, int index) {
    AtomicReferenceArray<Section> sections = byNamespace.get(namespaceId);
    return sections == null || index >= sections.length() ? null : sections.get(index);
  }

  /** Holds a section, and gives the one held in its place before, or null. */
  public @Nullable Section put(Section section) {
    Namespace namespace = section.namespace();
    AtomicReferenceArray<Section> sections =
        byNamespace.getOrMake(
            namespace.id(), () -> new AtomicReferenceArray<>(namespace.sectionCount()));
    Section old = sections.getAndSet(section.index(), section);
    if (old == null) {
      size.incrementAndGet();
    }
    return old;
  }

  /** Lets a section go, if it is the one held. */
  public void remove(Section section) {
    AtomicReferenceArray<Section> sections = byNamespace.get(section.namespace().id());
    if (sections != null && sections.compareAndSet(section.index(), section, null)) {
      size.decrementAndGet();
    }
  }

  /** How many are held. */
  public int size() {
    return size.get();
  }

  /** All that are held. */
  public List<Section> all() {
    List<Section> all = new ArrayList<>(size());
    for (AtomicReferenceArray<Section> sections : byNamespace.values()) {
      for (int index = 0; index < sections.length(); index++) {
        Section section = sections.get(index);
        if (section != null) {
          all.add(section);
        }
      }
    }
    return all;
  }
}
