package dev.ratchet.proto.key;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.wire.MessageSchema;
import java.util.regex.Pattern;

/**
 * A namespace as it is kept in the store and sent in the route table. Immutable; what decides the
 * section of a key never changes after creation.
 *
 * @param id given by the store at creation, above zero; 0 in a request to create
 * @param name {@code [A-Za-z0-9._-]}, 1 to {@link Limits#MAX_NAMESPACE_NAME} characters
 * @param sectionSize user ids per section, for {@link NamespaceKind#UID}; 0 otherwise
 * @param sectionCount number of sections
 * @param maxUid largest user id, for {@link NamespaceKind#UID}; 0 otherwise
 * @param step numbers a raise adds to a section's ceiling: more means fewer store writes and larger
 *     gaps after a crash
 * @param strict every call is confirmed by the store before it is answered: real-time order without
 *     any assumption about clocks, for a round trip a call
 */
public record Namespace(
    int id,
    String name,
    NamespaceKind kind,
    long sectionSize,
    int sectionCount,
    long maxUid,
    long step,
    boolean strict) {

  public static final long DEFAULT_SECTION_SIZE = 100_000;
  public static final long DEFAULT_MAX_UID = (1L << 32) - 1;
  public static final int DEFAULT_STRING_SECTIONS = 256;
  public static final long DEFAULT_STEP = 10_000;

  public static final MessageSchema<Namespace> SCHEMA =
      MessageSchema.of(Namespace.class)
          .uint32(1, "id", Namespace::id)
          .string(2, "name", Namespace::name)
          .uint32(3, "kind", n -> n.kind().number())
          .uint64(4, "section_size", Namespace::sectionSize)
          .uint32(5, "section_count", Namespace::sectionCount)
          .uint64(6, "max_uid", Namespace::maxUid)
          .uint64(7, "step", Namespace::step)
          .bool(8, "strict", Namespace::strict)
          .build(
              v ->
                  new Namespace(
                      v.int32(1),
                      v.string(2),
                      NamespaceKind.of(v.int32(3)),
                      v.int64(4),
                      v.int32(5),
                      v.int64(6),
                      v.int64(7),
                      v.bool(8)));

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** A {@code uid} namespace over user ids {@code 0 … maxUid}, not yet given an id. */
  public static Namespace uid(String name, long maxUid, long sectionSize, long step) {
    long sections = sectionSize > 0 && maxUid >= 0 ? maxUid / sectionSize + 1 : 0;
    int count = (int) Math.min(sections, Integer.MAX_VALUE);
    return new Namespace(0, name, NamespaceKind.UID, sectionSize, count, maxUid, step, false);
  }

  /** A {@code uid} namespace of default size: user ids below 2^32, 100,000 of them a section. */
  public static Namespace uid(String name) {
    return uid(name, DEFAULT_MAX_UID, DEFAULT_SECTION_SIZE, DEFAULT_STEP);
  }

  /** A {@code string} namespace, not yet given an id. */
  public static Namespace string(String name, int sections, long step) {
    return new Namespace(0, name, NamespaceKind.STRING, 0, sections, 0, step, false);
  }

  /** A {@code string} namespace of default size. */
  public static Namespace string(String name) {
    return string(name, DEFAULT_STRING_SECTIONS, DEFAULT_STEP);
  }

  /** The same namespace with the id that the store gave it. */
  public Namespace withId(int newId) {
    return new Namespace(newId, name, kind, sectionSize, sectionCount, maxUid, step, strict);
  }

  /** The same namespace, strict. */
  public Namespace asStrict() {
    return new Namespace(id, name, kind, sectionSize, sectionCount, maxUid, step, true);
  }

  /** Whether a string can name a namespace. */
  public static boolean isValidName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Throws {@link ErrorCode#INVALID_ARGUMENT} that names every field that is wrong. */
  public void validate() {
    StringBuilder wrong = new StringBuilder();
    if (!isValidName(name)) {
      wrong.append("; name must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (step < 1 || step > Limits.MAX_STEP) {
      wrong.append("; step must be 1 to ").append(Limits.MAX_STEP);
    }
    if (sectionCount < 1 || sectionCount > Limits.MAX_SECTIONS) {
      wrong.append("; sections must be 1 to ").append(Limits.MAX_SECTIONS);
    }
    if (kind == NamespaceKind.UID) {
      validateUid(wrong);
    } else if (sectionSize != 0 || maxUid != 0) {
      wrong.append("; section size and max uid must be 0 for a string namespace");
    }
    if (wrong.length() > 0) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT, "namespace '" + name + "' is not valid" + wrong);
    }
  }

  private void validateUid(StringBuilder wrong) {
    if (sectionSize < 1) {
      wrong.append("; section size must be at least 1");
    } else if (maxUid < 0 || maxUid / sectionSize + 1 != sectionCount) {
      wrong.append("; max uid ").append(maxUid).append(" at ").append(sectionSize);
      wrong.append(" user ids a section does not make ").append(sectionCount).append(" sections");
    }
  }

  /** Whether a key number can occur: a user id within range, or any hash. */
  public boolean contains(long key) {
    return kind == NamespaceKind.STRING || (key >= 0 && key <= maxUid);
  }

  /**
   * The section of a key number, {@code 0 … sectionCount - 1}; the key must be {@link #contains
   * contained}.
   */
  public int sectionOf(long key) {
    return kind == NamespaceKind.UID
        ? (int) (key / sectionSize)
        : (int) Long.remainderUnsigned(key, sectionCount);
  }

  /**
   * The key number of a key as a caller writes it: the user id itself, or the XXH64 hash of the
   * bytes.
   *
   * @throws RatchetException {@link ErrorCode#INVALID_KEY}
   */
  public long keyOf(byte[] key) {
    return keyOf(key, 0, key.length);
  }

  /**
   * The same of the key that stands from {@code from} to before {@code end}; makes no object.
   *
   * @throws RatchetException {@link ErrorCode#INVALID_KEY}
   */
  public long keyOf(byte[] bytes, int from, int end) {
    int length = end - from;
    if (length == 0) {
      throw invalid("the key is empty");
    }
    if (length > Limits.MAX_KEY_BYTES) {
      throw invalid("the key has " + length + " bytes; the limit is " + Limits.MAX_KEY_BYTES);
    }
    if (kind == NamespaceKind.STRING) {
      return XxHash64.hash(bytes, from, end);
    }
    long uid = parseUid(bytes, from, end);
    if (!contains(uid)) {
      throw invalid("the user id is above the namespace's largest, " + maxUid);
    }
    return uid;
  }

  private long parseUid(byte[] bytes, int from, int end) {
    long uid = 0;
    for (int at = from; at < end; at++) {
      int value = bytes[at] - '0';
      if (value < 0 || value > 9) {
        throw invalid("a user id is written in decimal digits only");
      }
      if (uid > (Long.MAX_VALUE - value) / 10) {
        throw invalid("the user id is above the namespace's largest, " + maxUid);
      }
      uid = uid * 10 + value;
    }
    return uid;
  }

  private RatchetException invalid(String why) {
    return new RatchetException(
        ErrorCode.INVALID_KEY, "invalid key in namespace '" + name + "': " + why);
  }
}
