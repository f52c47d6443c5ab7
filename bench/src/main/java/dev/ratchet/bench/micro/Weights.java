package dev.ratchet.bench.micro;

import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.section.SectionTable;
import dev.ratchet.proto.key.Namespace;
import java.util.Objects;
import org.openjdk.jol.info.GraphLayout;

/** What users and sections take of an allocation node's heap, in bytes, by walking its objects. */
public final class Weights {
  private static final int SECTION_SIZE = 100_000;
  private static final int SECTIONS = 10_000;

  static {
    // Offsets of fields of records are told by no documented call.
    System.setProperty("jol.magicFieldOffset", "true");
    System.setProperty("jol.skipHotspotSAAttach", "true");
  }

  private Weights() {}

  /** Of a user who has taken numbers, where all of a section's users have. */
  public static double activeUser() {
    Namespace namespace = Held.namespace(1, SECTION_SIZE);
    long idle = weigh(Held.table(namespace));
    SectionTable active = Held.table(namespace);
    Section section = Objects.requireNonNull(active.get(namespace.id(), 0));
    for (int uid = 0; uid < SECTION_SIZE; uid++) {
      section.take(uid, 1);
    }
    return (double) (weigh(active) - idle) / SECTION_SIZE;
  }

  /** Of a user who has taken none, in a section of whom nobody has. */
  public static double idleUser() {
    long one = weigh(Held.table(Held.namespace(1, 1)));
    long many = weigh(Held.table(Held.namespace(1, SECTION_SIZE)));
    return (double) (many - one) / (SECTION_SIZE - 1);
  }

  /** Of a section that is held and of which no number was taken. */
  public static double idleSection() {
    long one = weigh(Held.table(Held.namespace(1, SECTION_SIZE)));
    long many = weigh(Held.table(Held.namespace(SECTIONS, SECTION_SIZE)));
    return (double) (many - one) / (SECTIONS - 1);
  }

  private static long weigh(SectionTable table) {
    return GraphLayout.parseInstance(table).totalSize();
  }
}
