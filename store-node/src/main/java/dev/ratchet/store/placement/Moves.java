package dev.ratchet.store.placement;

import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Begins the moves of one namespace. A move that is on its way to a node above its quota is sent
 * elsewhere; more begin as far as the budget and the bound of each owner allow. Not thread-safe;
 * used once.
 */
final class Moves {
  /** Most sections an owner is asked for at a time. */
  static final int MAX_RELEASING = 4_096;

  /** Shortest time after which a used-up budget is looked at again. */
  static final long BUDGET_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final RouteTable routes;
  private final Nodes nodes;
  private final Intents intents;
  private final int[] missing;
  private final int[] releasing;
  private int next;

  /** {@code releasing}: by node, sections it is asked for already; brought up to date. */
  Moves(
      RouteTable routes,
      Nodes nodes,
      Intents intents,
      int[] counts,
      int[] quotas,
      int[] releasing) {
    this.routes = routes;
    this.nodes = nodes;
    this.intents = intents;
    this.releasing = releasing;
    this.missing = new int[nodes.count()];
    for (int node = 0; node < missing.length; node++) {
      missing[node] = quotas[node] - counts[node];
    }
  }

  /** Begins what it may; how many sections wait. */
  int begin(MoveBudget budget, Wake wake) {
    int waiting = 0;
    Sections[] owned = new Sections[nodes.count()];
    Sections[] coming = new Sections[nodes.count()];
    int givers = 0;
    for (int node = 0; node < missing.length; node++) {
      owned[node] = new Sections();
      coming[node] = new Sections();
      givers += missing[node] < 0 ? 1 : 0;
    }
    collect(owned, coming);
    for (int node = 0; node < missing.length; node++) {
      if (missing[node] >= 0) {
        continue;
      }
      give(node, coming[node], Math.min(-missing[node], coming[node].size()));
      int all = Math.min(-missing[node], owned[node].size());
      int wanted = all;
      wanted = Math.min(wanted, Math.max(0, MAX_RELEASING - releasing[node]));
      int share = (budget.available(wake.now()) + givers - 1) / givers--;
      int allowed = Math.min(wanted, share);
      if (allowed < wanted) {
        wake.at(wake.now() + Math.max(budget.nanosPerMove(), BUDGET_WAIT_NANOS));
      }
      budget.take(allowed);
      releasing[node] += allowed;
      give(node, owned[node], allowed);
      waiting += all - allowed;
    }
    return waiting;
  }

  /** What nodes above their quota have, and what is on its way to them. */
  private void collect(Sections[] owned, Sections[] coming) {
    RouteTable.Walk route = routes.walk(intents.namespace().id());
    int count = route == null ? 0 : Math.min(route.count(), intents.sections());
    for (int section = 0; section < count; section++) {
      Objects.requireNonNull(route).at(section);
      OwnerInfo owner = route.owner();
      if (owner == null || intents.isGranting(section)) {
        continue;
      }
      boolean moving = intents.isMoving(section);
      int holder = nodes.indexOf(moving ? intents.receiver(section) : owner.incarnation());
      boolean pinned = nodes.indexOf(intents.pinOf(section)) >= 0; // it stays, or goes, there
      if (holder >= 0 && missing[holder] < 0 && !pinned) {
        (moving ? coming : owned)[holder].add(section);
      }
    }
  }

  private void give(int giver, Sections sections, int count) {
    int stripe = Stripes.length(intents.sections(), nodes.count());
    Sections picked = sections.spread(count, (giver + 0.5) / nodes.count(), stripe);
    for (int i = 0; i < picked.size(); i++) {
      while (missing[next] <= 0) {
        next = (next + 1) % missing.length; // quotas and counts have the same sum
      }
      missing[next]--;
      missing[giver]++;
      send(picked.get(i), nodes.incarnation(next));
      if (i % stripe == stripe - 1) {
        next = (next + 1) % missing.length;
      }
    }
  }

  private void send(int section, int receiver) {
    Route route = routes.route(intents.namespace().id(), section);
    boolean isThere =
        route != null && route.owner() != null && route.owner().incarnation() == receiver;
    if (isThere) {
      intents.clear(section); // turned back before it left
    } else {
      intents.move(section, receiver);
    }
  }
}
