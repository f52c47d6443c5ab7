package dev.ratchet.bench.micro;

import dev.ratchet.alloc.AllocConfig;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.section.SectionTable;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.rpc.HostPort;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongUnaryOperator;

/**
 * How many users one allocation node holds: takes a number for each of many, of all user ids below
 * 2^32, in the heap that this JVM was given. A line for each way of spreading them: its name, users
 * served, bytes of counters and seconds.
 */
public final class Crowd {
  /** Odd, so that every 32-bit number comes once. */
  private static final long SCRAMBLE = 0x9E3779B1L;

  private static final long IDS = 0xFFFF_FFFFL;

  private Crowd() {}

  /** The argument: how many users there are. */
  public static void main(String[] arguments) {
    long users = Long.parseLong(arguments[0]);
    serve("consecutive", users, user -> user);
    serve("scattered", users, user -> user * SCRAMBLE & IDS);
    System.out.println("done");
  }

  private static void serve(String name, long users, LongUnaryOperator uid) {
    Namespace namespace = Namespace.uid("crowd").withId(1);
    // As much of the heap as a node gives to counters unless told otherwise.
    AllocConfig node = AllocConfig.of("a", "z", new HostPort("127.0.0.1", 0), List.of());
    CounterMemory memory = new CounterMemory(node.counterMemoryBytes());
    SectionTable sections = Held.table(namespace, memory);
    long start = System.nanoTime();
    long served = 0;
    while (served < users && take(sections, namespace, uid.applyAsLong(served))) {
      served++;
    }
    System.out.printf(
        Locale.ROOT,
        "%s %d %d %.1f%n",
        name,
        served,
        memory.usedBytes(),
        (System.nanoTime() - start) / 1e9);
  }

  private static boolean take(SectionTable sections, Namespace namespace, long uid) {
    Section section = sections.get(namespace.id(), namespace.sectionOf(uid));
    return Objects.requireNonNull(section).take(uid, 1) > 0;
  }
}
