package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.route.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One replica under test: every command goes through its bytes, and a route table follows along by
 * deltas, which must stay the same as one read from the table.
 */
final class Replica {
  static final String CLUSTER = "test";
  static final byte[] NO_POSITIONS = {};

  final TreeTable table;
  final StoreState state;
  final RouteTable routes = new RouteTable();

  Replica() {
    this(new TreeTable());
  }

  Replica(TreeTable table) {
    this.table = table;
    state = new StoreState(table, CLUSTER);
    routes.apply(state.reader().routesSince(0));
  }

  /** A replica with one namespace, of id 1, with 4 sections and step 100. */
  static Replica withNamespace() {
    Replica replica = new Replica();
    replica.apply(new Command.CreateNamespace(Namespace.string("orders", 4, 100)));
    return replica;
  }

  Result apply(Command command) {
    Result result = state.apply(EntryCodec.encode(command));
    if (result.routes() != null) {
      routes.apply(result.routes());
    }
    return result;
  }

  <T extends Result> T apply(Class<T> expected, Command command) {
    return assertInstanceOf(expected, apply(command));
  }

  ErrorCode refusal(Command command) {
    return apply(Result.Refused.class, command).code();
  }

  int register(String node, long process) {
    return apply(Result.Registered.class, registration(node, process)).lease().incarnation();
  }

  static Command.Register registration(String node, long process) {
    return new Command.Register(node, "zone-1", node + ".example", 7000, process, 1600);
  }

  Result.Granted grant(int incarnation, int first, int count) {
    return apply(
        Result.Granted.class,
        new Command.Grant(List.of(new Command.Run(1, first, count, incarnation))));
  }

  void expire(int incarnation) {
    Lease lease = assertNotNullAnd(state.reader().lease(incarnation));
    apply(Result.Expired.class, new Command.Expire(incarnation, lease.renewal()));
  }

  RaiseResult raise(int incarnation, int section, long epoch, long expected, long target) {
    RaiseItem item = new RaiseItem(1, section, epoch, expected, target);
    return apply(Result.Raised.class, new Command.Raise(incarnation, List.of(item)))
        .results()
        .get(0);
  }

  RaiseResult release(int incarnation, ReleaseItem... items) {
    List<RaiseResult> results =
        apply(Result.Released.class, new Command.Release(incarnation, List.of(items), false))
            .results();
    assertEquals(items.length, results.size());
    return results.get(results.size() - 1);
  }

  /** A release in one go, without positions. */
  static ReleaseItem whole(int section, long epoch, long maxSeq, long base) {
    return new ReleaseItem(1, section, epoch, maxSeq, 0, NO_POSITIONS, true, base);
  }

  static ReleaseItem chunk(
      int section, long epoch, long maxSeq, int chunk, String positions, boolean last) {
    byte[] bytes = positions.getBytes(StandardCharsets.UTF_8);
    return new ReleaseItem(1, section, epoch, maxSeq, chunk, bytes, last, 0);
  }

  SectionRecord section(int section) {
    return assertNotNullAnd(state.reader().section(1, section));
  }

  /** The text of a kept chunk, or "none". */
  String kept(int section, int chunk) {
    byte[] positions = state.reader().chunk(1, section, chunk);
    return positions == null ? "none" : new String(positions, StandardCharsets.UTF_8);
  }

  long version() {
    return state.reader().routeVersion();
  }

  static void assertError(ErrorCode expected, RaiseResult result) {
    assertEquals(expected, ErrorCode.of(result.error()));
  }

  static void assertOk(RaiseResult result) {
    assertEquals(0, result.error());
  }

  private static <T> T assertNotNullAnd(@Nullable T value) {
    assertNotNull(value);
    return Objects.requireNonNull(value);
  }
}
