package dev.ratchet.bench.micro;

import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.section.SectionTable;
import dev.ratchet.proto.key.Namespace;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The next number of one of a million users, and of those who have but one counter for all. Each
 * method is one contestant; each draws a user, whether it has a use for it or not.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class NextBenchmark {
  private static final int SECTION_SIZE = 100_000;

  private final Namespace namespace = Held.namespace(Uids.COUNT / SECTION_SIZE, SECTION_SIZE);
  private final SectionTable sections = Held.table(namespace);
  private final AtomicLongArray array = new AtomicLongArray(Uids.COUNT);
  private final AtomicLong single = new AtomicLong();

  /** Ours: find the section, take a number of the user. */
  @Benchmark
  public long section(Uids uids) {
    int uid = uids.next();
    Section section = sections.get(namespace.id(), namespace.sectionOf(uid));
    return Objects.requireNonNull(section).take(uid, 1);
  }

  /** The floor: one slot a user, nothing else. */
  @Benchmark
  public long atomicLongArray(Uids uids) {
    return array.incrementAndGet(uids.next());
  }

  /** One counter for all users. */
  @Benchmark
  public long atomicLong(Uids uids) {
    return uids.next() + single.incrementAndGet();
  }
}
