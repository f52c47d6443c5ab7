package dev.ratchet.alloc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sections move between two nodes, gracefully and with answers of the store lost, while callers
 * take numbers of few keys: none repeats, and one taken after another was told is larger. Run with
 * {@code -Dratchet.seed=N} to repeat a run's choices.
 */
@Timeout(60)
class MovesUnderLoadTest {
  private static final int KEYS = 6;
  private static final int CALLERS = 3;
  private static final int MOVES = 40;
  private static final long SEED = Long.getLong("ratchet.seed", System.nanoTime());

  private final EventLoops loops = new EventLoops("caller", 1);
  private final AtomicLongArray told = new AtomicLongArray(KEYS);
  private final List<Set<Long>> taken = new ArrayList<>();
  private final AtomicLong directly = new AtomicLong();
  private volatile boolean moving = true;

  /** Event loops that both nodes and the callers are on. */
  private final EventLoops shared = new EventLoops("shared", 2);

  private final List<DirectOwner> owners = new ArrayList<>();

  private AllocNode start(String name, FakeStore store, boolean direct) throws IOException {
    AllocConfig config =
        new AllocConfig(
            name,
            "z",
            new HostPort("127.0.0.1", 0),
            "127.0.0.1",
            List.of(store.address()),
            10,
            1_600,
            2,
            1_000,
            200,
            64 << 20);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    AllocNode node =
        direct ? AllocNode.start(config, meters, shared) : AllocNode.start(config, meters);
    if (direct) {
      owners.add(node.direct());
    }
    Caller.await(name + " is ready", node::isReady);
    return node;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noNumberRepeatsOrGoesBackAndNoneIsSkipped(boolean direct) throws Exception {
    for (int key = 0; key < KEYS; key++) {
      taken.add(ConcurrentHashMap.newKeySet());
    }
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try (FakeStore store = new FakeStore();
        AllocNode first = start("a", store, direct);
        AllocNode second = start("b", store, direct)) {
      assertTrue(first.isReady() && second.isReady());
      Namespace namespace = store.add(Namespace.uid("u", KEYS - 1, 2, 20));
      List<Future<Integer>> results = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        SplittableRandom random = new SplittableRandom(SEED + caller);
        Callable<Integer> calls = () -> call(store, namespace, random);
        results.add(callers.submit(calls));
      }
      move(store, namespace);
      int calls = 0;
      for (Future<Integer> result : results) {
        calls += result.get();
      }
      assertTrue(calls > 0);
      assertEquals(direct, directly.get() > 0, "numbers taken without a connection");
      for (int key = 0; key < KEYS; key++) {
        assertEquals(told.get(key), taken.get(key).size(), "key " + key + " skipped, seed " + SEED);
      }
    } finally {
      moving = false;
      callers.shutdown();
      loops.close();
    }
    for (DirectOwner owner : owners) {
      assertEquals(0, owner.incarnation(), "it is closed");
    }
    assertEquals(1, shared.group().submit(() -> 1).get(), "the loops are their owner's to close");
    shared.close();
  }

  private void move(FakeStore store, Namespace namespace) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int move = 0; move < MOVES; move++) {
      int section = random.nextInt(namespace.sectionCount());
      List<Integer> nodes = store.state.incarnations();
      int from = store.state.owner(namespace.id(), section);
      int to = nodes.get(0) == from ? nodes.get(1) : nodes.get(0);
      if (random.nextInt(8) == 0) {
        store.next(random.nextBoolean() ? Calls.RAISE : Calls.RELEASE, FakeStore.Fault.LOST, 1);
      }
      store.state.move(namespace.id(), section, to);
      Caller.await(
          "section " + section + " moves, seed " + SEED,
          () -> store.state.owner(namespace.id(), section) == to);
    }
    moving = false;
  }

  private int call(FakeStore store, Namespace namespace, SplittableRandom random) {
    Map<HostPort, Caller> nodes = new HashMap<>();
    int calls = 0;
    while (moving) {
      int key = random.nextInt(KEYS);
      Route route = store.routes.route(namespace.id(), namespace.sectionOf(key));
      if (route == null || route.owner() == null) {
        continue;
      }
      if (takeDirectly(route, namespace, key)) {
        calls++;
        continue;
      }
      HostPort address = new HostPort(route.owner().host(), route.owner().port());
      Caller node = nodes.computeIfAbsent(address, a -> new Caller(loops, a, 0));
      calls += take(node, namespace, key, route.epoch()) ? 1 : 0;
    }
    nodes.values().forEach(Caller::close);
    return calls;
  }

  /** Whether a number could be had without a connection. */
  private boolean takeDirectly(Route route, Namespace namespace, int key) {
    OwnerInfo owner = Objects.requireNonNull(route.owner());
    int incarnation = owner.incarnation();
    int section = namespace.sectionOf(key);
    for (DirectOwner direct : owners) {
      if (direct.incarnation() == incarnation) {
        long before = told.get(key);
        Callable<Long> call =
            () -> {
              long first = direct.take(incarnation, namespace.id(), section, route.epoch(), key, 1);
              assertTrue(first == DirectOwner.NOT_NOW || direct.confirm(incarnation, 1));
              return first;
            };
        long number = shared.group().next().submit(call).syncUninterruptibly().getNow();
        if (number != DirectOwner.NOT_NOW) {
          directly.incrementAndGet();
          tell(number, before, key);
          return true;
        }
      }
    }
    return false;
  }

  private boolean take(Caller node, Namespace namespace, int key, long epoch) {
    long before = told.get(key);
    IssueResult result;
    try {
      result = node.take(namespace, key, 1, epoch);
    } catch (CompletionException e) {
      if (RatchetException.of(e).code().isRetryable()) {
        return false;
      }
      throw e;
    }
    if (result.error() != 0) {
      return false;
    }
    tell(result.value(), before, key);
    return true;
  }

  private void tell(long number, long before, int key) {
    assertTrue(number > before, number + " after " + before + ", seed " + SEED);
    assertTrue(taken.get(key).add(number), number + " twice, seed " + SEED);
    told.accumulateAndGet(key, number, Math::max);
  }
}
