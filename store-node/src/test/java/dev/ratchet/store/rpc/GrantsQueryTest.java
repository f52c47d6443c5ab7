package dev.ratchet.store.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.StoreState;
import dev.ratchet.store.state.TreeTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GrantsQueryTest {
  private static final int NAMESPACE = 1;

  private final StoreState state = new StoreState(new TreeTable(), "test");
  private RouteTable routes = new RouteTable();
  private int first;
  private int second;

  @BeforeEach
  void registerTwo() {
    apply(new Command.CreateNamespace(Namespace.string("tags", 100, 10)));
    first = register("a", 1);
    second = register("b", 2);
  }

  @Test
  void givesWhatTheIncarnationOwnsAndNothingElse() {
    grant(first, 0, 3);
    grant(second, 3, 2);
    GrantsReply reply = query(20_000).since(first, 0);
    assertEquals(List.of(0, 1, 2), sections(reply));
    assertEquals(routes.version(), reply.version());
    assertEquals(new Grant(NAMESPACE, 0, 1, 0, 10, 0), reply.grants().get(0));
  }

  @Test
  void givesOnlyWhatIsNew() {
    grant(first, 0, 3);
    long known = query(20_000).since(first, 0).version();
    assertTrue(query(20_000).since(first, known).grants().isEmpty());
    grant(second, 3, 2);
    grant(first, 7, 1);
    assertEquals(List.of(7), sections(query(20_000).since(first, known)));
  }

  @Test
  void givesTheCeilingAsItIsNow() {
    grant(first, 0, 1);
    apply(
        new Command.Raise(
            first, List.of(new dev.ratchet.proto.message.RaiseItem(NAMESPACE, 0, 1, 10, 500))));
    assertEquals(500, query(20_000).since(first, 0).grants().get(0).maxSeq());
  }

  @Test
  void aCutReplyIsCompleteUpToItsVersion() {
    for (int i = 0; i < 10; i++) {
      grant(first, 3 * i, 3);
    }
    GrantsQuery query = query(7);
    List<Integer> all = new ArrayList<>();
    long version = 0;
    for (int polls = 0; polls < 100; polls++) {
      GrantsReply reply = query.since(first, version);
      if (reply.grants().isEmpty()) {
        break;
      }
      assertTrue(reply.grants().size() <= 7);
      assertTrue(reply.version() > version, "a reply gets on");
      all.addAll(sections(reply));
      version = reply.version();
    }
    assertEquals(30, all.stream().distinct().count());
    assertEquals(30, all.size(), "nothing is told twice");
  }

  @Test
  void aCutReplyGetsOnAfterTheRouteTableWasRebuilt() {
    for (int i = 0; i < 10; i++) {
      grant(first, 3 * i, 3);
    }
    routes = new RouteTable();
    assertTrue(routes.apply(state.reader().routesSince(0)));
    GrantsReply reply = query(7).since(first, 0);
    assertEquals(6, reply.grants().size());
    assertFalse(query(7).since(first, reply.version()).grants().isEmpty());
  }

  private void release(int incarnation, int section, byte[]... chunks) {
    for (int chunk = 0; chunk < chunks.length; chunk++) {
      boolean last = chunk == chunks.length - 1;
      ReleaseItem item = new ReleaseItem(NAMESPACE, section, 1, 10, chunk, chunks[chunk], last, 0);
      apply(new Command.Release(incarnation, List.of(item), false));
    }
  }

  @Test
  void theOnlyChunkOfPositionsRidesAlong() {
    grant(first, 0, 3);
    release(first, 0, new byte[] {1, 2});
    release(first, 1, new byte[] {3}, new byte[] {4});
    release(first, 2, new byte[0]);
    grant(second, 0, 3);
    List<Grant> grants = query(20_000).since(second, 0).grants();
    assertArrayEquals(new byte[] {1, 2}, grants.get(0).positions());
    assertEquals(2, grants.get(1).handoverChunks());
    assertEquals(0, grants.get(1).positions().length, "the first alone would be taken for all");
    assertEquals(0, grants.get(2).handoverChunks());
  }

  @Test
  void positionsBeyondTheRoomOfAReplyAreAskedForOneByOne() {
    int large = Limits.MAX_HANDOVER_CHUNK;
    int fitting = GrantsQuery.MAX_POSITIONS_BYTES / large;
    grant(first, 0, fitting + 2);
    for (int section = 0; section < fitting + 2; section++) {
      release(first, section, new byte[large]);
    }
    grant(second, 0, fitting + 2);
    List<Grant> grants = query(20_000).since(second, 0).grants();
    assertEquals(fitting + 2, grants.size());
    assertEquals(fitting, grants.stream().filter(grant -> grant.positions().length > 0).count());
  }

  @Test
  void aVersionOfAnotherLifeMeansNone() {
    grant(first, 0, 2);
    assertEquals(2, query(20_000).since(first, routes.version() + 50).grants().size());
  }

  private GrantsQuery query(int most) {
    return new GrantsQuery(routes, state.reader(), most);
  }

  private static List<Integer> sections(GrantsReply reply) {
    return reply.grants().stream().map(Grant::section).toList();
  }

  private int register(String node, long process) {
    Result result = apply(new Command.Register(node, "zone", "127.0.0.1", 7000, process, 1_600));
    return ((Result.Registered) result).lease().incarnation();
  }

  private void grant(int incarnation, int section, int count) {
    apply(new Command.Grant(List.of(new Command.Run(NAMESPACE, section, count, incarnation))));
  }

  private Result apply(Command command) {
    Result result = state.apply(command);
    RouteDelta delta = result.routes();
    if (delta != null) {
      assertTrue(routes.apply(delta));
    }
    return result;
  }
}
