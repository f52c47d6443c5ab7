package dev.ratchet.store.placement;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides who should own what, on the store's leader. Asked again and again, it says what to grant
 * and what owners should release, until sections are shared as {@link Quotas} says; then it says
 * nothing, and a call costs two comparisons. Not thread-safe: one thread asks.
 *
 * <ul>
 *   <li>A section that was released, or whose owner's lease is over, is granted at once; of many,
 *       the busy ones first.
 *   <li>A section never granted waits until nodes that start together have registered, and so do
 *       moves.
 *   <li>A move begins by wanting the section released; the grant to its receiver is right behind
 *       the release in the log, so nobody waits for a plan.
 *   <li>What operators want comes before shares: a drained node is asked for all it has, and a
 *       pinned section goes where it is pinned and is not chosen for balance.
 *   <li>When all that is done, sections of a node that has been much busier than the others for
 *       some seconds are swapped for idle ones: see {@link HotNodes} and {@link Swaps}.
 *   <li>A node whose leases keep ending soon after they began gets nothing for a while: see {@link
 *       Probation}.
 *   <li>What is halted, or has used up its numbers, is left alone until that changes.
 *   <li>Nothing here is needed for safety: the state machine refuses a grant of what is owned, so a
 *       stale plan, or the plan of a leader that is none any more, does no harm.
 * </ul>
 */
public final class Placement {
  private static final Handover NO_HANDOVER =
      new Handover(Nodes.of(List.of()), List.of(), new Tally(0, Nodes.of(List.of())));

  private final int settleMillis;
  private final int movesPerSecond;
  private final Map<Integer, Intents> intents = new TreeMap<>();

  private Settle settle;
  private MoveBudget budget;
  private HotNodes hot;
  private Probation probation = new Probation();
  private Map<Integer, Load> loads = Map.of();
  private BusyOrphans orphans = new BusyOrphans();
  private Nodes nodes = Nodes.of(List.of());
  private Handover handover = NO_HANDOVER;
  private Plan standing = Plan.NONE; // no grants; what is still wanted
  private Orders orders = Orders.NONE;
  private Orders plannedOrders = Orders.NONE;
  private long plannedVersion = -1;
  private int left;
  private Wake wake = new Wake(0);
  private boolean held;
  private long heldUntil;

  /**
   * {@code settleMillis}: how long a register holds back first grants and moves; 0 for not at all.
   * {@code movesPerSecond}: most sections, at least 1, that owners are asked to release a second.
   * {@code nowNanos}: when this node became leader.
   */
  public Placement(int settleMillis, int movesPerSecond, long nowNanos) {
    this.settleMillis = settleMillis;
    this.movesPerSecond = movesPerSecond;
    this.settle = new Settle(settleMillis);
    this.budget = new MoveBudget(movesPerSecond, nowNanos);
    this.hot = new HotNodes(nowNanos);
    onLeader(nowNanos);
  }

  /** This node became leader: forgets what it had begun as an earlier one. */
  public void onLeader(long nowNanos) {
    intents.clear();
    settle = new Settle(settleMillis);
    settle.passes(nowNanos, true);
    budget = new MoveBudget(movesPerSecond, nowNanos);
    hot = new HotNodes(nowNanos);
    orphans = new BusyOrphans();
    probation = new Probation();
    nodes = Nodes.of(List.of());
    handover = NO_HANDOVER;
    standing = Plan.NONE;
    plannedVersion = -1;
    left = 0;
    held = false;
  }

  /**
   * Plans nothing until then: nodes that the state knows nothing of may serve that long. Until this
   * node becomes leader anew.
   */
  public void holdUntil(long nanos) {
    held = true;
    heldUntil = nanos;
  }

  /** What operators want from now on, until it is said anew. */
  public void follow(Orders wanted) {
    orders = wanted;
  }

  /** By incarnation, how busy nodes say they are, until it is said anew. */
  public void measured(Map<Integer, Load> newest) {
    loads = newest;
    orphans.measured(newest);
  }

  /** What a grant came to: what can't be granted is not proposed again until its epoch changes. */
  public void decided(Result.Granted granted) {
    for (SectionEpoch section : granted.stuck()) {
      Intents known = intents.get(section.namespaceId());
      if (known != null) {
        known.stuck(section.section(), section.epoch());
      }
    }
  }

  /** What operators should hear of, since this was asked last. */
  public List<String> takeNotices() {
    return probation.takeNotices();
  }

  /**
   * Sections that were still to change hands at the last plan, those that waited for a budget too;
   * at least 1 while placement waits for nodes to settle, or after a restore.
   */
  public int left() {
    return left;
  }

  /** What to do now, given the route table as this node has applied it. */
  public Plan plan(RouteTable routes, long nowNanos) {
    if (held && nowNanos - heldUntil < 0) {
      handover = NO_HANDOVER;
      left = 1;
      return Plan.NONE;
    }
    held = false;
    long version = routes.version(); // first: what comes in while we look is seen the next time
    boolean tooHot = hot.isDue(nowNanos) && hot.look(nodes, loads, nowNanos);
    if (version == plannedVersion
        && orders.equals(plannedOrders)
        && !wake.isDue(nowNanos)
        && !tooHot) {
      return standing;
    }
    wake = new Wake(nowNanos);
    probation.look(routes.owners(), nowNanos);
    Nodes living = Nodes.of(probation.admitted(routes.owners(), orders.pinnedTo(), wake));
    boolean newcomers = plannedVersion >= 0 && living.hasNewcomers(nodes);
    nodes = living;
    boolean settled = settle.passes(nowNanos, newcomers);
    if (!settled) {
      wake.at(settle.settledAt());
    }
    List<Intents> all = namespaces(routes);
    Round round = new Round(routes, nodes, all, wake);
    round.survey(settled, orders.drained());
    round.grantBusy(orphans.of(nodes));
    if (round.grantFree()) {
      orphans.settled();
    }
    if (settled) {
      round.carryOut(budget);
      round.move(budget);
    }
    if (settled && tooHot && round.cool(hot, loads, budget)) {
      hot.acted();
    }
    handover = new Handover(nodes, all, round.tally());
    plannedOrders = orders;
    standing = new Plan(List.of(), round.wantedReleases());
    left = standing.wantedSections() + round.waiting() + (settled ? 0 : 1);
    plannedVersion = version;
    return new Plan(round.grants(), standing.wantedReleases());
  }

  /**
   * What to propose right behind a release, so that its sections change hands in one step. Without
   * a plan to go by, nothing: then the next plan grants them.
   *
   * @param incarnation who releases
   * @param sections what it gives back for good
   */
  public List<Command.Grant> handOver(int incarnation, List<SectionRef> sections, long nowNanos) {
    return handover.of(incarnation, sections, nowNanos);
  }

  private List<Intents> namespaces(RouteTable routes) {
    List<Namespace> namespaces = new ArrayList<>(routes.namespaces());
    namespaces.sort(Comparator.comparingInt(Namespace::id));
    intents.keySet().removeIf(id -> routes.namespace(id) == null);
    Map<Integer, Map<Integer, Integer>> pins = orders.pinsByNamespace();
    List<Intents> all = new ArrayList<>();
    for (Namespace namespace : namespaces) {
      Intents known = intents.computeIfAbsent(namespace.id(), id -> new Intents(namespace));
      known.pin(pins.getOrDefault(namespace.id(), Map.of()));
      all.add(known);
    }
    return all;
  }
}
