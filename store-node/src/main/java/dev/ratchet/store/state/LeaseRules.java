package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.route.RouteTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leases begin, go on and end. Invariants: at most one living lease a node id; an incarnation is
 * given out once, and when its lease is over it never comes back.
 */
final class LeaseRules {
  private final StateReader reader;
  private final StateWriter writer;
  private final PinRules pins;

  LeaseRules(StateReader reader, StateWriter writer, PinRules pins) {
    this.reader = reader;
    this.writer = writer;
    this.pins = pins;
  }

  Result register(Command.Register command) {
    Result.Refused restoring = RestoreRule.underWay(reader);
    if (restoring != null) {
      return restoring;
    }
    for (Lease lease : reader.leases()) {
      if (lease.node().equals(command.node())) {
        return lease.process() == command.process() ? repeated(lease) : inUse(lease);
      }
    }
    Meta meta = writer.meta();
    int incarnation = meta.lastIncarnation() + 1;
    if (incarnation > RouteTable.MAX_INCARNATION) {
      return new Result.Refused(
          ErrorCode.NUMBERS_EXHAUSTED,
          "cluster '"
              + meta.cluster()
              + "' has given out its last incarnation, "
              + RouteTable.MAX_INCARNATION
              + ": no node can join it any more; move to a new cluster",
          "");
    }
    Lease lease =
        new Lease(
            incarnation,
            command.node(),
            command.zone(),
            command.host(),
            command.port(),
            command.process(),
            command.holderMillis(),
            false,
            false,
            0,
            false);
    writer.put(meta.withIncarnation(incarnation));
    writer.put(lease);
    return new Result.Registered(lease, writer.changeRoutes(List.of()));
  }

  /**
   * The holder may count its lease from this register, not from the first: so an expire that is on
   * its way must fail, as after a renewal.
   */
  private Result repeated(Lease lease) {
    Lease renewed = lease.renewed(false);
    writer.put(renewed);
    return new Result.Registered(renewed, lease.suspect() ? writer.changeRoutes(List.of()) : null);
  }

  Result renew(Command.Renew command) {
    Lease lease = reader.lease(command.incarnation());
    if (lease == null) {
      return over(command.incarnation());
    }
    Lease renewed = lease.renewed(command.leaving());
    writer.put(renewed);
    boolean leavesNow = renewed.leaving() && !lease.leaving();
    if (leavesNow) {
      pins.forget(lease.incarnation());
    }
    boolean changed = (leavesNow && !lease.drained()) || lease.suspect();
    return new Result.Renewed(renewed, changed ? writer.changeRoutes(List.of()) : null);
  }

  /** Ends nothing: where a lease counts, its holder goes on to serve. */
  Result suspect(Command.Suspect command) {
    Lease lease = reader.lease(command.incarnation());
    if (lease == null) {
      return over(command.incarnation());
    }
    if (lease.renewal() != command.renewal() || lease.suspect()) {
      return new Result.Suspected(lease, null);
    }
    Lease suspected = lease.suspected();
    writer.put(suspected);
    return new Result.Suspected(suspected, writer.changeRoutes(List.of()));
  }

  /** Takes the same time however many sections the incarnation owns: they are found dead later. */
  Result expire(Command.Expire command) {
    Lease lease = reader.lease(command.incarnation());
    if (lease == null) {
      return over(command.incarnation());
    }
    if (lease.renewal() != command.renewal()) {
      return new Result.ExpireDefeated(lease);
    }
    writer.deleteLease(lease.incarnation());
    pins.forget(lease.incarnation());
    return new Result.Expired(lease.incarnation(), writer.changeRoutes(List.of()));
  }

  /**
   * Renews nothing: what an operator does must not keep a dead holder's lease alive. Refused when
   * nobody would be left to take the sections.
   */
  Result drain(Command.Drain command) {
    List<Lease> leases = reader.leases();
    Lease lease = find(command.node(), leases);
    if (lease == null) {
      return notAlive(command.node(), leases);
    }
    boolean takesOn = !command.undo() && lease.takesOn();
    if (takesOn && leases.stream().filter(Lease::takesOn).count() == 1) {
      return new Result.Refused(
          ErrorCode.INVALID_ARGUMENT,
          "node '"
              + command.node()
              + "' is the only allocation node that takes sections: nobody could take over from"
              + " it; start another one first",
          "");
    }
    Lease wanted = lease.withDrained(!command.undo());
    if (wanted.equals(lease)) {
      return new Result.Drained(lease, null);
    }
    writer.put(wanted);
    if (wanted.drained()) {
      pins.forget(wanted.incarnation());
    }
    return new Result.Drained(wanted, writer.changeRoutes(List.of()));
  }

  /** The living lease of a node id, or null. */
  static @Nullable Lease find(String node, List<Lease> leases) {
    return leases.stream().filter(lease -> lease.node().equals(node)).findFirst().orElse(null);
  }

  /** An operator named a node that has no lease. */
  static Result.Refused notAlive(String node, List<Lease> leases) {
    List<String> names = leases.stream().map(Lease::node).sorted().toList();
    String living = names.isEmpty() ? "none lives" : "those that live: " + String.join(", ", names);
    return new Result.Refused(
        ErrorCode.INVALID_ARGUMENT,
        "no allocation node '" + node + "' lives in this cluster; " + living,
        "");
  }

  private static Result.Refused inUse(Lease lease) {
    String address = lease.host() + ":" + lease.port();
    return new Result.Refused(
        ErrorCode.NODE_ID_IN_USE,
        "node id '"
            + lease.node()
            + "' is held by the living process at "
            + address
            + ": give this node another id, or wait until that one's lease is over",
        address);
  }

  private static Result.Refused over(int incarnation) {
    return new Result.Refused(
        ErrorCode.STALE_INCARNATION,
        "the lease of incarnation " + incarnation + " is over: register anew",
        "");
  }
}
