package dev.ratchet.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.Numbers;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.CallItem;
import dev.ratchet.proto.message.CallReply;
import dev.ratchet.proto.message.CallRequest;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RouterTest {
  private final EventLoops loops = new EventLoops("router-test", 1);
  private RouterFixture fixture;
  private RpcPeer peer;

  @BeforeEach
  void start() throws IOException {
    fixture = new RouterFixture();
    peer = new RpcPeer(loops, fixture.router.address(), () -> 0, version -> {});
  }

  @AfterEach
  void stop() {
    peer.close();
    fixture.close();
    loops.close();
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static RatchetException failure(CompletableFuture<?> future) {
    return RatchetException.of(
        assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS)));
  }

  private static CallItem item(String namespace, String key, int count) {
    return new CallItem(namespace, key.getBytes(StandardCharsets.UTF_8), count);
  }

  private CompletableFuture<CallReply> call(CallItem... items) {
    return peer.call(Calls.CALL, new CallRequest(List.of(items), 0), 20_000);
  }

  @Test
  void callsByName() throws Exception {
    CallReply reply =
        await(
            call(
                item("users", "7", 3),
                item("users", "107", 1),
                item("orders", "x", 0),
                item("users", "x", 1),
                item("nothing", "1", 1),
                item("users", "7", -5)));
    assertEquals(1, reply.results().get(0).value());
    assertEquals(1, reply.results().get(0).epoch());
    assertEquals(1, reply.results().get(1).value());
    assertEquals(0, reply.results().get(2).value());
    assertEquals(ErrorCode.INVALID_KEY.number(), reply.results().get(3).error());
    assertEquals(ErrorCode.UNKNOWN_NAMESPACE.number(), reply.results().get(4).error());
    assertEquals(ErrorCode.INVALID_COUNT.number(), reply.results().get(5).error());
    assertEquals(List.of(), await(call()).results());
    List<CallItem> many = Collections.nCopies(Limits.MAX_BATCH + 1, item("users", "7", 1));
    assertEquals(
        ErrorCode.INVALID_ARGUMENT,
        failure(peer.call(Calls.CALL, new CallRequest(many, 0), 20_000)).code());
  }

  @Test
  void aCallersDeadlineIsKept() {
    fixture.cluster.grant(fixture.users, 0, 0);
    CallRequest request = new CallRequest(List.of(item("users", "7", 1)), 100);
    CallReply reply = peer.call(Calls.CALL, request, 20_000).join();
    assertEquals(ErrorCode.UNAVAILABLE.number(), reply.results().get(0).error());
    assertTrue(reply.results().get(0).message().contains("100 ms"));
  }

  @Test
  void whatItPassesOn() throws Exception {
    assertEquals("router", await(peer.call(Calls.HELLO, new Hello("test"), 20_000)).role());
    assertEquals("fake", await(peer.call(Calls.STATUS, new Empty(), 20_000)).cluster());
    Namespace wanted = Namespace.string("fresh", 4, 100);
    var made = await(peer.call(Calls.NAMESPACE_CREATE, wanted, 20_000));
    assertEquals("fresh", made.namespaces().get(0).name());
    assertEquals(1, await(call(item("fresh", "a", 1))).results().get(0).value());
    assertEquals(
        4, await(peer.call(Calls.NAMESPACE_LIST, new Empty(), 20_000)).namespaces().size());
    assertEquals(
        ErrorCode.NAMESPACE_EXISTS,
        failure(peer.call(Calls.NAMESPACE_CREATE, Namespace.string("fresh"), 20_000)).code());
  }

  @Test
  void routesAreServedAndPolled() throws Exception {
    await(call(item("users", "7", 1)));
    var table = await(peer.call(Calls.ROUTES, new RoutesRequest(0, 0), 20_000));
    assertEquals(3, table.namespaces().size());
    var poll = peer.call(Calls.ROUTES, new RoutesRequest(table.version(), 20_000), 30_000);
    fixture.cluster.grant(fixture.users, 0, 2);
    assertTrue(await(poll).version() > table.version());
  }

  @Test
  void aClientMayGoViaTheRouter() throws Exception {
    HostPort address = fixture.router.address();
    ClientConfig config =
        ClientConfig.of(List.of(new HostPort("127.0.0.1", 1), address))
            .withThreads(1)
            .withTimeoutMillis(10_000);
    try (RatchetClient client = RatchetClient.connect(config.withViaRouter(true))) {
      for (int i = 1; i <= 20; i++) {
        assertEquals(new Numbers(i, 1, 1), await(client.next("users", "7")));
      }
      assertEquals(20, await(client.current("users", "7")).value());
      assertEquals(
          List.of(21L, 1L),
          await(client.nextAll("users", List.of("7", "107"))).stream()
              .map(Numbers::first)
              .toList());
    }
    try (RatchetClient client = RatchetClient.connect(config)) {
      assertEquals(22, await(client.next("users", "7")).first());
    }
  }

  @Test
  void aRouterThatReachesNoOwnerIsNotGivenAllOfACallsTime() throws Exception {
    HostPort any = new HostPort("127.0.0.1", 0);
    RouterConfig cutOff =
        RouterConfig.of("router-2", "zone-1", any, any, List.of(new HostPort("127.0.0.1", 1)));
    try (Router router = Router.start(cutOff, new SimpleMeterRegistry());
        RatchetClient client =
            RatchetClient.connect(
                ClientConfig.of(List.of(router.address(), fixture.router.address()))
                    .withViaRouter(true)
                    .withTimeoutMillis(4_000))) {
      for (int i = 1; i <= 4; i++) {
        assertEquals(i, await(client.next("users", "7")).first());
      }
    }
  }

  @Test
  void aRouterIsReadyOnceItHasRoutesAndAnOwner() throws Exception {
    await(call(item("users", "7", 1)));
    assertTrue(fixture.router.isReady());
    assertTrue(fixture.router.health().contains("2 allocation nodes"), fixture.router.health());
    HostPort any = new HostPort("127.0.0.1", 0);
    RouterConfig lonely =
        RouterConfig.of("router-2", "zone-1", any, any, List.of(new HostPort("127.0.0.1", 1)));
    try (Router router = Router.start(lonely, new SimpleMeterRegistry())) {
      assertFalse(router.isReady());
      assertTrue(router.health().contains("127.0.0.1:1"), router.health());
    }
  }

  @Test
  void wrongConfigsAndTakenPortsAreToldOf() {
    HostPort taken = fixture.router.respAddress();
    RouterConfig wrong = new RouterConfig("", " ", taken, taken, List.of(), 0, 0, 0, 0, 0);
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Router.start(wrong, new SimpleMeterRegistry()))
                .getMessage());
    for (String field :
        List.of(
            "node",
            "zone",
            "resp",
            "allocs",
            "threads",
            "timeoutMillis",
            "maxOutstanding",
            "maxRespConnections",
            "unreadSeconds")) {
      assertTrue(message.contains(field + ":"), message);
    }
    HostPort any = new HostPort("127.0.0.1", 0);
    RouterConfig busy = RouterConfig.of("router-2", "zone-1", any, taken, List.of(any));
    String why =
        String.valueOf(
            assertThrows(IOException.class, () -> Router.start(busy, new SimpleMeterRegistry()))
                .getMessage());
    assertTrue(why.contains("can't listen on " + taken), why);
  }
}
