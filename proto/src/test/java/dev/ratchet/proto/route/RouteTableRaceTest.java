package dev.ratchet.proto.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers, tellers and an updater of one table, all at once. */
class RouteTableRaceTest {
  private static final int CHANGES = 20_000;
  private static final Namespace ONE = Namespace.string("one", 1, 1).withId(1);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean over = new AtomicBoolean();

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  /** Each grant is to a new incarnation, numbered as its epoch; the one before is gone at once. */
  @Test
  void aReaderSeesTheOwnerOfTheEpochItSees() {
    RouteTable table = new RouteTable();
    table.apply(grant(1));
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(CompletableFuture.runAsync(() -> read(table), threads));
    }
    for (int epoch = 2; epoch <= CHANGES; epoch++) {
      assertTrue(table.apply(grant(epoch)));
    }
    over.set(true);
    readers.forEach(RouteTableRaceTest::join);
  }

  private static RouteDelta grant(int epoch) {
    OwnerInfo owner = new OwnerInfo(epoch, "a", "z", "h", 1);
    return new RouteDelta(
        epoch - 1,
        epoch,
        List.of(ONE),
        List.of(owner),
        List.of(new SectionRun(1, 0, 1, epoch, epoch)));
  }

  private void read(RouteTable table) {
    long last = 0;
    while (!over.get()) {
      long version = table.version();
      Route route = table.route(1, 0);
      assertNotNull(route);
      assertNotNull(route.owner(), "nobody at epoch " + route.epoch());
      assertEquals(route.epoch(), route.owner().incarnation());
      assertTrue(route.epoch() >= last, "an epoch went down");
      assertTrue(route.epoch() >= version, "a version is up before what it covers");
      last = route.epoch();
    }
  }

  /** Tables that follow each other while the first one changes end up equal: no hole is left. */
  @Test
  void tablesThatFollowEachOtherEndUpEqual() {
    long seed = Long.getLong("ratchet.seed", System.nanoTime());
    RouteHistory history = new RouteHistory(new Random(seed));
    RouteTable first = new RouteTable();
    RouteTable second = new RouteTable();
    RouteTable third = new RouteTable();
    CompletableFuture<Void> secondFollows =
        CompletableFuture.runAsync(() -> follow(second, first), threads);
    CompletableFuture<Void> thirdFollows =
        CompletableFuture.runAsync(() -> follow(third, second), threads);
    for (int i = 0; i < CHANGES; i++) {
      assertTrue(first.apply(history.next()));
    }
    over.set(true);
    join(secondFollows);
    join(thirdFollows);
    second.apply(first.since(second.version()));
    third.apply(second.since(third.version()));
    String truth = history.describe();
    assertEquals(truth, RouteHistory.describe(first), "-Dratchet.seed=" + seed);
    assertEquals(truth, RouteHistory.describe(second), "-Dratchet.seed=" + seed);
    assertEquals(truth, RouteHistory.describe(third), "-Dratchet.seed=" + seed);
  }

  private void follow(RouteTable follower, RouteTable teller) {
    while (!over.get()) {
      long version = follower.version();
      assertTrue(follower.apply(teller.since(version)));
      assertTrue(follower.version() >= version);
    }
  }

  private static void join(CompletableFuture<Void> thread) {
    thread.orTimeout(60, TimeUnit.SECONDS).join();
  }
}
