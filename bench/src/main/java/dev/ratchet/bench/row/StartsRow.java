package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.measure.Statistics;
import dev.ratchet.bench.process.LocalNodes;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.Current;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Row 11: how long nodes take to start where there are as many sections as the largest have. */
final class StartsRow implements Row {
  /** User ids below 2^32, 100,000 a section: 42,950 sections. */
  private static final Namespace NAMESPACE = Namespace.uid("starts");

  private static final int SNAPSHOT_SECONDS = 10;
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int OWNERS = 200;
  private static final Duration POLL = Duration.ofMillis(100);

  @Override
  public int number() {
    return 11;
  }

  @Override
  public String title() {
    return NAMESPACE.sectionCount() + " sections: starts, and the route table";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException {
    Path folder = bench.work().resolve("starts");
    try (LocalNodes cluster =
        LocalNodes.start(bench.processes(), bench.home(), folder, SNAPSHOT_SECONDS)) {
      long before = System.currentTimeMillis();
      cluster.create(NAMESPACE);
      List<Finding> findings = new ArrayList<>();
      findings.add(bench.found(allocStart(bench, cluster)));
      findings.add(bench.found(routes()));
      awaitSnapshot(cluster.data(0), before);
      findings.add(bench.found(storeStart(bench, cluster)));
      return findings;
    }
  }

  private static Finding allocStart(Bench bench, LocalNodes cluster) throws IOException {
    double[] seconds = new double[bench.pace().pairs()];
    for (int i = 0; i < seconds.length; i++) {
      cluster.stopAlloc();
      long start = System.nanoTime();
      cluster.startAlloc();
      awaitAllServed(cluster);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    return Finding.ofFigure(
            "allocation node, from its command to an answer in every section",
            "s",
            Statistics.median(seconds),
            Goal.atMost(2))
        .withNote("it had given its sections back when it stopped; the JVM's own start included");
  }

  private static void awaitAllServed(LocalNodes cluster) {
    ClientConfig config =
        ClientConfig.of(List.of(cluster.alloc())).withTimeoutMillis(TIMEOUT_MILLIS);
    try (RatchetClient client = RatchetClient.connect(config)) {
      List<CompletableFuture<Current>> answers = new ArrayList<>();
      for (long uid = 0; uid <= NAMESPACE.maxUid(); uid += NAMESPACE.sectionSize()) {
        answers.add(client.current(NAMESPACE.name(), Long.toString(uid)));
      }
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    }
  }

  /** The largest it can be: no two neighbours have one owner. */
  private static Finding routes() {
    List<OwnerInfo> owners = new ArrayList<>();
    for (int i = 1; i <= OWNERS; i++) {
      owners.add(new OwnerInfo(i, "alloc-" + i, "zone-" + i % 3, "10.0.0." + i, 7_201));
    }
    Namespace namespace = NAMESPACE.withId(1);
    List<SectionRun> runs = new ArrayList<>();
    for (int i = 0; i < namespace.sectionCount(); i++) {
      runs.add(new SectionRun(1, i, 1, 1 + i % OWNERS, 1_000 + i % 7));
    }
    byte[] whole = RouteDelta.SCHEMA.encode(new RouteDelta(0, 1, List.of(namespace), owners, runs));
    return Finding.ofFigure(
            "route table on the wire, " + OWNERS + " owners, no two neighbours alike",
            "bytes",
            whole.length,
            Goal.atMost(1_000_000))
        .withNote("as placed, sections lie in stripes of up to 16 with one owner");
  }

  private static void awaitSnapshot(Path data, long since) throws IOException {
    while (!hasSnapshot(data, since)) {
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static boolean hasSnapshot(Path data, long since) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(path -> name(path).startsWith("snapshot_")).toList()) {
        if (Files.getLastModifiedTime(file).toMillis() > since) {
          return true;
        }
      }
      return false;
    } catch (java.io.UncheckedIOException | java.nio.file.NoSuchFileException e) {
      return false; // it is being written just now
    }
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static Finding storeStart(Bench bench, LocalNodes cluster) throws IOException {
    double[] seconds = new double[bench.pace().pairs()];
    for (int i = 0; i < seconds.length; i++) {
      cluster.stopStore(0);
      long start = System.nanoTime();
      cluster.startStore(0);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    return Finding.ofFigure(
        "store node, from its command to ready, from a snapshot",
        "s",
        Statistics.median(seconds),
        Goal.atMost(3));
  }
}
