package dev.ratchet.proto.rpc;

import static dev.ratchet.proto.rpc.Rpc.LONG;
import static dev.ratchet.proto.rpc.Rpc.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class RoutesHandlerTest {
  private static final int WAIT = 30_000;
  private static final Namespace ONE = Namespace.string("one", 4, 1).withId(1);

  private final Rpc rpc = new Rpc();
  private final RouteTable table = new RouteTable();

  @AfterEach
  void close() {
    rpc.close();
  }

  private RpcServer serve() throws IOException {
    return rpc.serve(
        b -> {
          RoutesHandler handler = new RoutesHandler(table);
          return b.on(Calls.ROUTES, handler).on(Rpc.ECHO, (hello, call) -> call.reply(hello));
        });
  }

  private void change(long version) {
    assertTrue(
        table.apply(
            new RouteDelta(
                version - 1,
                version,
                List.of(ONE),
                List.of(new OwnerInfo(1, "a", "z", "h", 1)),
                List.of(new SectionRun(1, (int) (version % 4), 1, 1, version)))));
  }

  private static CompletableFuture<RouteDelta> ask(RpcConnection from, long version, int wait) {
    return from.call(Calls.ROUTES, new RoutesRequest(version, wait), LONG);
  }

  @Test
  void anOldCallerIsToldAtOnceAndACurrentOneWhenItChanges() throws IOException {
    change(1);
    try (RpcServer server = serve();
        RpcConnection connection = rpc.connect(server.port())) {
      assertEquals(1, get(ask(connection, 0, WAIT)).version());
      List<CompletableFuture<RouteDelta>> waiting = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        waiting.add(ask(connection, 1, WAIT));
      }
      // An answer to a later call on the same connection: the ones before have been looked at.
      get(connection.call(Rpc.ECHO, new dev.ratchet.proto.message.Hello("x"), LONG));
      assertFalse(waiting.stream().anyMatch(CompletableFuture::isDone));
      change(2);
      for (CompletableFuture<RouteDelta> call : waiting) {
        RouteDelta delta = get(call);
        assertEquals(1, delta.from());
        assertEquals(2, delta.version());
        assertEquals(List.of(new SectionRun(1, 2, 1, 1, 2)), delta.runs());
      }
    }
  }

  /** The thread that changes an allocation node's table renews its lease, too. */
  @Test
  void aChangeIsFoundOnceForAllWhoWaitAndNotOnTheThreadThatMadeIt() throws IOException {
    int callers = 1_000;
    change(1);
    Queue<Thread> finders = new ConcurrentLinkedQueue<>();
    RoutesHandler handler =
        new RoutesHandler(
            table,
            version -> {
              finders.add(Thread.currentThread());
              return table.since(version);
            });
    try (RpcServer server =
            rpc.serve(
                b -> b.on(Calls.ROUTES, handler).on(Rpc.ECHO, (hello, call) -> call.reply(hello)));
        RpcConnection one = rpc.connect(server.port());
        RpcConnection other = rpc.connect(server.port())) {
      List<CompletableFuture<RouteDelta>> waiting = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        waiting.add(ask(i % 2 == 0 ? one : other, 1, WAIT));
      }
      get(one.call(Rpc.ECHO, new dev.ratchet.proto.message.Hello("x"), LONG));
      get(other.call(Rpc.ECHO, new dev.ratchet.proto.message.Hello("x"), LONG));
      change(2);
      for (CompletableFuture<RouteDelta> call : waiting) {
        assertEquals(2, get(call).version());
      }
      assertEquals(1, finders.size());
      assertFalse(finders.contains(Thread.currentThread()));
      get(ask(one, 1, 0));
      assertEquals(1, finders.size(), "who comes later is told the same");
    }
  }

  @Test
  void onlySomeDeltasAreKeptAndNoneOfAnEarlierVersion() {
    List<Long> found = new ArrayList<>();
    EncodedDeltas deltas =
        new EncodedDeltas(
            table::version,
            from -> {
              found.add(from);
              return table.since(from);
            });
    change(1);
    for (long from = 0; from <= EncodedDeltas.MAX_KEPT; from++) {
      deltas.since(from);
      deltas.since(from);
    }
    assertEquals(EncodedDeltas.MAX_KEPT + 2, found.size());
    change(2);
    assertEquals(table.since(1), RouteDelta.SCHEMA.decode(deltas.since(1)));
    assertEquals(2, RouteDelta.SCHEMA.decode(deltas.since(1)).version());
    assertEquals(EncodedDeltas.MAX_KEPT + 3, found.size());
  }

  @Test
  void theWaitEndsWithoutAChange() throws IOException {
    change(1);
    try (RpcServer server = serve();
        RpcConnection connection = rpc.connect(server.port())) {
      RouteDelta nothing = get(ask(connection, 1, 20));
      assertEquals(new RouteDelta(1, 1, List.of(ONE), nothing.owners(), List.of()), nothing);
      assertEquals(nothing, get(ask(connection, 1, 0)));
      assertEquals(nothing, get(ask(connection, 1, -1)));
    }
  }

  @Test
  void aCallerFromAnotherLifeGetsAllOfItAtOnce() throws IOException {
    change(1);
    try (RpcServer server = serve();
        RpcConnection connection = rpc.connect(server.port())) {
      RouteDelta all = get(ask(connection, 77, WAIT));
      assertEquals(0, all.from());
      assertEquals(1, all.version());
      assertEquals(1, all.runs().size());
    }
  }

  /** "No namespaces" would be a definite answer, and wrong. */
  @Test
  void aNodeWithoutRoutesSaysSo() throws IOException {
    try (RpcServer server = serve();
        RpcConnection connection = rpc.connect(server.port())) {
      Rpc.assertFails(ErrorCode.UNAVAILABLE, ask(connection, 0, 0));
      Rpc.assertFails(ErrorCode.UNAVAILABLE, ask(connection, 77, WAIT));
      Rpc.assertFails(ErrorCode.UNAVAILABLE, ask(connection, 0, 20));
      CompletableFuture<RouteDelta> waiting = ask(connection, 0, WAIT);
      get(connection.call(Rpc.ECHO, new dev.ratchet.proto.message.Hello("x"), LONG));
      change(1);
      assertEquals(1, get(waiting).version());
    }
  }

  /** Changes while callers come and go: nobody is left waiting for what already happened. */
  @Test
  void noChangeIsMissedWhileCallersRegister() throws IOException {
    try (RpcServer server = serve();
        RpcConnection connection = rpc.connect(server.port())) {
      RouteTable follower = new RouteTable();
      CompletableFuture<Void> changes =
          CompletableFuture.runAsync(
              () -> {
                for (long version = 1; version <= 2_000; version++) {
                  change(version);
                }
              });
      while (follower.version() < 2_000) {
        assertTrue(follower.apply(get(ask(connection, follower.version(), WAIT))));
      }
      get(changes);
      assertEquals(table.since(0).runs(), follower.since(0).runs());
    }
  }
}
