package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateTable;
import dev.ratchet.store.state.StoreState;
import dev.ratchet.store.state.TreeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The real state machine on one replica, with a route table beside it, for plans to be tried on.
 */
final class FakeStore {
  final RouteTable routes = new RouteTable();
  private final StateTable table = new TreeTable();
  private final StoreState state = new StoreState(table, "test");
  private int processes;

  Result apply(Command command) {
    Result result = state.apply(command);
    if (result.routes() != null) {
      routes.apply(result.routes());
    }
    return result;
  }

  Namespace create(String name, int sections) {
    Command create = new Command.CreateNamespace(Namespace.string(name, sections, 100));
    return ((Result.NamespaceCreated) apply(create)).namespace();
  }

  int register(String node, String zone) {
    Command register = new Command.Register(node, zone, "h", 1, ++processes, 1_600);
    return ((Result.Registered) apply(register)).lease().incarnation();
  }

  void expire(int incarnation) {
    Lease lease = Objects.requireNonNull(state.reader().lease(incarnation));
    apply(new Command.Expire(incarnation, lease.renewal()));
  }

  /** What operators want, as the state has it. */
  Orders orders() {
    return Orders.of(state.reader());
  }

  void drain(String node, boolean undo) {
    apply(new Command.Drain(node, undo));
  }

  /** Moves a section to a node by hand. */
  void pin(Namespace namespace, int section, String node) {
    apply(new Command.Pin(namespace.id(), section, node));
  }

  /** Carries out all the grants; each must have its effect. */
  int grantAll(Plan plan) {
    int granted = 0;
    for (Command.Grant grant : plan.grants()) {
      Result.Granted result = (Result.Granted) apply(grant);
      assertEquals(0, result.skipped(), "a plan grants only what nobody owns");
      granted += result.granted();
    }
    return granted;
  }

  /** Every owner releases at most so many of the sections wanted from it. */
  int releaseSome(Plan plan, int most) {
    int released = 0;
    for (Map.Entry<Integer, List<SectionRef>> wanted : plan.wantedReleases().entrySet()) {
      List<SectionRef> sections = wanted.getValue();
      released += release(wanted.getKey(), sections.subList(0, Math.min(most, sections.size())));
    }
    return released;
  }

  int release(int incarnation, List<SectionRef> sections) {
    List<ReleaseItem> items = new ArrayList<>();
    for (SectionRef ref : sections) {
      SectionRecord record =
          Objects.requireNonNull(state.reader().section(ref.namespaceId(), ref.section()));
      assertEquals(incarnation, record.owner(), "only owners are asked to release");
      items.add(
          new ReleaseItem(
              ref.namespaceId(),
              ref.section(),
              record.epoch(),
              record.maxSeq(),
              0,
              new byte[0],
              true,
              record.base()));
    }
    Result result = apply(new Command.Release(incarnation, items, false));
    ((Result.Released) result).results().forEach(item -> assertEquals(0, item.error()));
    return items.size();
  }

  /** By living incarnation, sections it owns of a namespace; under 0 those nobody serves. */
  Map<Integer, Integer> shares(Namespace namespace) {
    Map<Integer, Integer> shares = new TreeMap<>();
    routes.owners().forEach(owner -> shares.put(owner.incarnation(), 0));
    for (int section = 0; section < namespace.sectionCount(); section++) {
      shares.merge(owner(namespace, section), 1, Integer::sum);
    }
    return shares;
  }

  /** The living owner of a section, 0 for none. */
  int owner(Namespace namespace, int section) {
    Route route = Objects.requireNonNull(routes.route(namespace.id(), section));
    return route.owner() == null ? 0 : route.owner().incarnation();
  }
}
