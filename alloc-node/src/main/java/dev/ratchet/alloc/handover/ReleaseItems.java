package dev.ratchet.alloc.handover;

import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.message.ReleaseItem;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a release says of a section that is stopped and that no call is inside. */
final class ReleaseItems {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseItems.class);

  private static final byte[] NO_POSITIONS = {};

  private ReleaseItems() {}

  /** One item a chunk of positions, in order, the last of them marked; one if there is no chunk. */
  static List<ReleaseItem> of(Section section) {
    return of(section, Positions.MAX_CHUNKS);
  }

  /** With a bound on the chunks: past it, all numbers of the window count as issued. */
  static List<ReleaseItem> of(Section section, int maxChunks) {
    List<byte[]> chunks = Positions.encode(section);
    if (chunks.size() > maxChunks) {
      LOG.warn(
          "{} is given back without its positions, which fill {} chunks; the limit is {}. Its next"
              + " owner skips all numbers up to {}. More sections a namespace keep them smaller.",
          section,
          chunks.size(),
          maxChunks,
          section.maxSeq());
      return List.of(item(section, 0, NO_POSITIONS, true, section.maxSeq()));
    }
    if (chunks.isEmpty()) {
      return List.of(item(section, 0, NO_POSITIONS, true, section.base()));
    }
    List<ReleaseItem> items = new ArrayList<>(chunks.size());
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      boolean last = chunk == chunks.size() - 1;
      items.add(item(section, chunk, chunks.get(chunk), last, section.base()));
    }
    return items;
  }

  private static ReleaseItem item(
      Section section, int chunk, byte[] positions, boolean last, long base) {
    return new ReleaseItem(
        section.namespace().id(),
        section.index(),
        section.epoch(),
        section.maxSeq(),
        chunk,
        positions,
        last,
        base);
  }
}
