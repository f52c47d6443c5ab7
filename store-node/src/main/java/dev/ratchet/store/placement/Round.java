package dev.ratchet.store.placement;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.SectionRate;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.state.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One look at all sections. A section counts for the node that has it, or that is to get it by what
 * is under way, so that nothing is decided twice. Not thread-safe; used once.
 */
final class Round {
  /** A grant without effect after this time, as when its proposal was lost, is proposed again. */
  static final long GRANT_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final RouteTable routes;
  private final Nodes nodes;
  private final List<Intents> namespaces;
  private final Wake wake;
  private final long now;
  private final GrantBatches grants = new GrantBatches();
  private final Tally tally;
  private final int[] releasing;
  private final List<Sections> free = new ArrayList<>();
  private final List<Sections> misplaced = new ArrayList<>();
  private final List<Sections> toDrain = new ArrayList<>();

  /** By drained owner, sections it is asked for. */
  private final Map<Integer, Integer> draining = new TreeMap<>();

  private int waiting;
  private boolean busy;

  /** Not all that is free is granted or counted yet: the next round goes on. */
  private boolean partial;

  Round(RouteTable routes, Nodes nodes, List<Intents> namespaces, Wake wake) {
    this.routes = routes;
    this.nodes = nodes;
    this.namespaces = namespaces;
    this.wake = wake;
    this.now = wake.now();
    this.tally = new Tally(namespaces.size(), nodes);
    this.releasing = new int[nodes.count()];
  }

  /** Counts who has what, drops what is done or in vain, and finds the sections nobody has. */
  void survey(boolean settled, Set<Integer> drained) {
    for (int row = 0; row < namespaces.size(); row++) {
      Sections unowned = new Sections();
      misplaced.add(new Sections());
      toDrain.add(new Sections());
      Intents intents = namespaces.get(row);
      RouteTable.Walk route = routes.walk(intents.namespace().id());
      int count = route == null ? 0 : Math.min(route.count(), intents.sections());
      for (int section = 0; section < count; section++) {
        Objects.requireNonNull(route).at(section);
        int owner = ownerOf(route.owner(), intents.namespace());
        if (owner == 0 && intents.isStuck(section, route.epoch())) {
          intents.clear(section);
          continue;
        }
        int holder =
            owner == 0 ? surveyUnowned(intents, section) : surveyOwned(row, section, owner);
        if (holder >= 0) {
          tally.add(row, holder);
        } else if (drained.contains(owner)) {
          toDrain.get(row).add(section);
        } else if (owner == 0 && (settled || route.epoch() > 0)) {
          unowned.add(section);
        }
      }
      free.add(unowned);
    }
  }

  /** 0 for a section that may be granted; a suspect owner keeps nothing of a strict namespace. */
  private static int ownerOf(@Nullable OwnerInfo owner, Namespace namespace) {
    return owner == null || (namespace.strict() && owner.suspect()) ? 0 : owner.incarnation();
  }

  /** The node that a section without owner is for, or -1. */
  private int surveyUnowned(Intents intents, int section) {
    int receiver = nodes.indexOf(intents.receiver(section));
    if (receiver < 0) {
      receiver = nodes.indexOf(intents.pinOf(section));
      intents.clear(section);
    }
    if (receiver < 0) {
      return -1;
    }
    busy = true;
    if (!isInFlight(intents, section)) {
      grant(intents, section, receiver);
    }
    return receiver;
  }

  private boolean isInFlight(Intents intents, int section) {
    long until = intents.proposedAt(section) + GRANT_RETRY_NANOS;
    boolean inFlight = intents.isGranting(section) && now - until < 0;
    if (inFlight) {
      wake.at(until);
    }
    return inFlight;
  }

  /** The node that an owned section is with, or on its way to. */
  private int surveyOwned(int row, int section, int owner) {
    Intents intents = namespaces.get(row);
    int holder = nodes.indexOf(owner);
    int pinned = nodes.indexOf(intents.pinOf(section));
    int receiver = nodes.indexOf(intents.receiver(section));
    if (receiver >= 0 && receiver != holder && isInFlight(intents, section)) {
      busy = true; // its owner's release is in front of the grant
      return receiver;
    }
    receiver = intents.isMoving(section) ? receiver : -1;
    if (receiver >= 0 && pinned >= 0 && receiver != pinned) {
      receiver = pinned; // turned on its way
      intents.move(section, intents.pinOf(section));
    }
    if (receiver >= 0 && receiver != holder) {
      asked(owner);
      return receiver;
    }
    intents.clear(section);
    if (pinned >= 0 && pinned != holder) {
      misplaced.get(row).add(section);
      return pinned;
    }
    return holder;
  }

  /**
   * Grants those of the sections that nobody has, and nothing else in this round if there are any:
   * they must not wait until all the others of a large node are granted.
   */
  void grantBusy(List<SectionRate> sections) {
    if (nodes.count() == 0 || sections.isEmpty()) {
      return;
    }
    for (int row = 0; row < namespaces.size(); row++) {
      Intents intents = namespaces.get(row);
      Receivers receivers = new Receivers(tally, nodes, row);
      for (SectionRate rate : sections) {
        if (rate.namespaceId() == intents.namespace().id()
            && !grants.isFull()
            && isOrphan(intents, rate.section())) {
          grant(intents, rate.section(), receivers.next());
          partial = true;
        }
      }
    }
  }

  private boolean isOrphan(Intents intents, int section) {
    Route route = routes.route(intents.namespace().id(), section);
    return route != null
        && route.epoch() > 0
        && ownerOf(route.owner(), intents.namespace()) == 0
        && !intents.isStuck(section, route.epoch())
        && intents.receiver(section) == 0;
  }

  /**
   * Grants what nobody has to whoever has least of the namespace, then least of all.
   *
   * @return whether nothing is left for the next round
   */
  boolean grantFree() {
    if (nodes.count() == 0 || partial) {
      return false;
    }
    for (int row = 0; row < namespaces.size(); row++) {
      Sections unowned = free.get(row);
      if (unowned.isEmpty()) {
        continue;
      }
      int count = Math.min(unowned.size(), grants.room());
      int[] shared = share(row, count);
      for (int i = 0; i < count; i++) {
        grant(namespaces.get(row), unowned.get(i), shared[i]);
      }
    }
    partial = grants.isFull();
    return !partial;
  }

  /** The nodes that so many sections of a namespace go to. */
  private int[] share(int row, int count) {
    return new Receivers(tally, nodes, row).share(count, namespaces.get(row).sections());
  }

  private void grant(Intents intents, int section, int node) {
    if (grants.isFull()) {
      return;
    }
    busy = true;
    int receiver = nodes.incarnation(node);
    grants.add(intents.namespace().id(), section, receiver);
    intents.grant(section, receiver, now);
    wake.at(now + GRANT_RETRY_NANOS);
  }

  /** Begins the moves that operators want. */
  void carryOut(MoveBudget budget) {
    if (nodes.count() == 0) {
      return;
    }
    for (int row = 0; row < namespaces.size(); row++) {
      Intents intents = namespaces.get(row);
      Sections pinned = misplaced.get(row);
      for (int i = 0; i < pinned.size(); i++) {
        int section = pinned.get(i);
        if (mayAsk(ownerOf(intents, section), budget)) {
          intents.move(section, intents.pinOf(section));
        }
      }
    }
    for (int row = 0; row < namespaces.size(); row++) {
      Intents intents = namespaces.get(row);
      Sections leaving = new Sections();
      for (int i = 0; i < toDrain.get(row).size(); i++) {
        int section = toDrain.get(row).get(i);
        if (mayAsk(ownerOf(intents, section), budget)) {
          leaving.add(section);
        }
      }
      int[] shared = share(row, leaving.size());
      for (int i = 0; i < leaving.size(); i++) {
        intents.move(leaving.get(i), nodes.incarnation(shared[i]));
      }
    }
  }

  private int ownerOf(Intents intents, int section) {
    Route route = routes.route(intents.namespace().id(), section);
    return route == null || route.owner() == null ? 0 : route.owner().incarnation();
  }

  /** Takes one move of the budget and of what an owner may be asked for at a time. */
  private boolean mayAsk(int owner, MoveBudget budget) {
    if (budget.available(now) == 0) {
      wake.at(now + Math.max(budget.nanosPerMove(), Moves.BUDGET_WAIT_NANOS));
      waiting++;
      return false;
    }
    if (askedOf(owner) >= Moves.MAX_RELEASING) {
      waiting++;
      return false;
    }
    budget.take(1);
    asked(owner);
    return true;
  }

  private void asked(int owner) {
    int node = nodes.indexOf(owner);
    if (node >= 0) {
      releasing[node]++;
    } else {
      draining.merge(owner, 1, Integer::sum);
    }
  }

  private int askedOf(int owner) {
    int node = nodes.indexOf(owner);
    return node >= 0 ? releasing[node] : draining.getOrDefault(owner, 0);
  }

  /** Who has what, with all that this round has begun. */
  Tally tally() {
    return tally;
  }

  /** Sections that are to change hands, and that nobody is asked for yet. */
  int waiting() {
    return waiting;
  }

  /** Begins moves from nodes above their quota to nodes below. */
  void move(MoveBudget budget) {
    if (partial || grants.isFull()) {
      return; // not all is counted yet
    }
    int[][] counts = tally.counts();
    int[][] quotas = Quotas.of(counts, nodes.zoneOfEach());
    for (int row = 0; row < quotas.length; row++) {
      if (quotas[row] != counts[row]) {
        waiting +=
            new Moves(routes, nodes, namespaces.get(row), counts[row], quotas[row], releasing)
                .begin(budget, wake);
      }
    }
  }

  /** Begins to cool hot nodes, if nothing else is to be done; whether it did. */
  boolean cool(HotNodes hot, Map<Integer, Load> loads, MoveBudget budget) {
    if (busy || waiting > 0 || !wantedReleases().isEmpty()) {
      return false;
    }
    return new Swaps(routes, nodes, namespaces, tally, loads).begin(hot, budget, now) > 0;
  }

  List<Command.Grant> grants() {
    if (partial || grants.isFull()) {
      wake.at(now); // there may be more
    }
    return grants.build();
  }

  /** By incarnation, what it should release. */
  Map<Integer, List<SectionRef>> wantedReleases() {
    Map<Integer, List<SectionRef>> wanted = new TreeMap<>();
    for (Intents intents : namespaces) {
      if (!intents.hasMoves()) {
        continue;
      }
      int id = intents.namespace().id();
      for (int section = 0; section < intents.sections(); section++) {
        Route route = intents.isMoving(section) ? routes.route(id, section) : null;
        if (route != null && route.owner() != null) {
          wanted
              .computeIfAbsent(route.owner().incarnation(), owner -> new ArrayList<>())
              .add(new SectionRef(id, section));
        }
      }
    }
    wanted.replaceAll((owner, sections) -> List.copyOf(sections));
    return wanted;
  }
}
