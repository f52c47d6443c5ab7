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
 * Limits#MAX_HANDOVER_CHUNK}, each complete in itself and none empty. A chunk is a run of pairs in
 * ascending unsigned order of keys: the key's distance from the one before it (from 0 for the
 * first) and the number's distance above the base, both as unsigned LEB128 varints.
 */
public final class Positions {
  /** Most chunks that the store keeps for a section. */
  public static final int MAX_CHUNKS = 1_024;

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
   * @param base the base of the section's grant, which the section's own may have left behind: it
   *     evicts keys when memory is short
   * @throws RatchetException {@link ErrorCode#PROTOCOL_ERROR} if the bytes are no chunk, {@link
   *     ErrorCode#OVERLOADED} if memory is out; part of the chunk may be loaded then
   */
  public static void load(byte[] chunk, long base, Section section) {
    Decoder decoder = new Decoder(chunk);
    if (chunk.length == 0) {
      throw decoder.malformed("are empty");
    }
    long key = 0;
    boolean first = true;
    while (decoder.at < chunk.length) {
      long next = key + decoder.varint();
      if (!first && Long.compareUnsigned(next, key) <= 0) {
        throw decoder.malformed("are not in ascending order of keys");
      }
      first = false;
      key = next;
      load(key, base, decoder.varint(), section);
    }
  }

  private static void load(long key, long base, long distance, Section section) {
    boolean isOfSection =
        section.namespace().contains(key) && section.namespace().sectionOf(key) == section.index();
    if (!isOfSection || distance <= 0 || distance > section.maxSeq() - base) {
      throw new RatchetException(
          ErrorCode.PROTOCOL_ERROR,
          "handed-over positions of " + section + " hold key " + key + " at +" + distance);
    }
    if (!section.load(key, base + distance)) {
      throw new RatchetException(
          ErrorCode.OVERLOADED, "no counter memory is left to take over " + section);
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
      for (int shift = 0; shift < 64 && at < chunk.length; shift += 7) {
        byte next = chunk[at++];
        if (shift == 63 && (next & 0x7F) > 1) {
          throw malformed("hold a number of more than 64 bits");
        }
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw malformed("end within a number");
    }

    RatchetException malformed(String why) {
      return new RatchetException(
          ErrorCode.PROTOCOL_ERROR, "handed-over positions " + why + " at byte " + at);
    }
  }
}
