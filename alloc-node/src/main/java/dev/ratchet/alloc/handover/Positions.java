package dev.ratchet.alloc.handover;

import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The last numbers of a section's keys as bytes: chunks of at most {@link
 * Limits#MAX_HANDOVER_CHUNK}, each complete in itself. A chunk is a run of pairs in ascending
 * unsigned order of keys: the key's distance from the one before it (from 0 for the first) and the
 * number's distance above the base, both as unsigned LEB128 varints.
 */
public final class Positions {
  private static final int MAX_PAIR_BYTES = 20;

  private Positions() {}

  /** The chunks of a stopped section, none if no key has a counter. */
  public static List<byte[]> encode(Section section) {
    Encoder encoder = new Encoder(section.base());
    section.positions(encoder::add);
    encoder.cut();
    return encoder.chunks;
  }

  /**
   * Loads a chunk into a section that is not served yet.
   *
   * @throws RatchetException {@link ErrorCode#PROTOCOL_ERROR} if the bytes are no chunk, {@link
   *     ErrorCode#OVERLOADED} if memory is out
   */
  public static void load(byte[] chunk, Section section) {
    Decoder decoder = new Decoder(chunk);
    long key = 0;
    while (decoder.at < chunk.length) {
      key += decoder.varint();
      long last = section.base() + decoder.varint();
      if (!section.namespace().contains(key)
          || section.namespace().sectionOf(key) != section.index()
          || last < 0
          || last > section.maxSeq()) {
        throw new RatchetException(
            ErrorCode.PROTOCOL_ERROR,
            "handed-over positions of " + section + " hold key " + key + " at " + last);
      }
      if (!section.load(key, last)) {
        throw new RatchetException(
            ErrorCode.OVERLOADED, "no counter memory is left to take over " + section);
      }
    }
  }

  /** Collects pairs into chunks. */
  private static final class Encoder {
    final List<byte[]> chunks = new ArrayList<>();
    private final long base;
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private long lastKey;

    Encoder(long base) {
      this.base = base;
    }

    void add(long key, long last) {
      if (last <= base) {
        return;
      }
      if (current.size() > Limits.MAX_HANDOVER_CHUNK - MAX_PAIR_BYTES) {
        cut();
      }
      varint(key - lastKey);
      varint(last - base);
      lastKey = key;
    }

    void cut() {
      if (current.size() > 0) {
        chunks.add(current.toByteArray());
        current.reset();
        lastKey = 0;
      }
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        current.write((int) (rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      current.write((int) rest);
    }
  }

  /** Reads varints of a chunk. */
  private static final class Decoder {
    private final byte[] chunk;
    private int at;

    Decoder(byte[] chunk) {
      this.chunk = chunk;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at == chunk.length) {
          break;
        }
        byte next = chunk[at++];
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new RatchetException(
          ErrorCode.PROTOCOL_ERROR, "handed-over positions end within a number at byte " + at);
    }
  }
}
