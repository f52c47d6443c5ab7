package dev.ratchet.proto.key;

/** How a namespace names its keys. */
public enum NamespaceKind {
  /**
   * Keys are user ids, {@code 0 … maxUid}; a section is a contiguous range of {@code sectionSize}
   * of them.
   */
  UID(1),
  /** Keys are byte strings; a section is a slice of their 64-bit hashes. */
  STRING(2);

  private final int number;

  NamespaceKind(int number) {
    this.number = number;
  }

  /** The number on the wire and in the store. */
  public int number() {
    return number;
  }

  /** The kind of a wire number. */
  public static NamespaceKind of(int number) {
    for (NamespaceKind kind : values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown namespace kind " + number);
  }
}
