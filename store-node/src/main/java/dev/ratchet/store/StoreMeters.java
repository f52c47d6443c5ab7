package dev.ratchet.store;

import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.lead.AppliedListener;
import dev.ratchet.store.state.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what this member applies. Used by the apply thread. */
final class StoreMeters implements AppliedListener {
  private final Counter raises;
  private final Counter refusedRaises;
  private final Counter renewals;
  private final Counter grants;
  private final Counter releases;
  private final Counter expires;
  private final Counter halted;

  StoreMeters(MeterRegistry meters, String node, RouteTable routes) {
    raises = counter(meters, node, "ratchet.store.raises", "Ceilings of sections raised");
    refusedRaises =
        counter(meters, node, "ratchet.store.raises.refused", "Raises refused as stale");
    renewals = counter(meters, node, "ratchet.store.renewals", "Leases renewed");
    grants = counter(meters, node, "ratchet.store.grants", "Sections granted");
    releases =
        counter(meters, node, "ratchet.store.releases", "Releases of sections, chunks included");
    expires =
        counter(meters, node, "ratchet.store.expires", "Leases ended since nobody renewed them");
    halted =
        counter(
            meters,
            node,
            "ratchet.store.sections.halted",
            "Sections halted, since the store was behind what nodes saw committed");
    Gauge.builder("ratchet.store.route.version", routes, RouteTable::version)
        .description("Version of the route table")
        .tag("node", node)
        .register(meters);
    Gauge.builder("ratchet.store.leases", routes, table -> table.owners().size())
        .description("Allocation nodes with a living lease")
        .tag("node", node)
        .register(meters);
  }

  private static Counter counter(
      MeterRegistry meters, String node, String name, String description) {
    return Counter.builder(name).description(description).tag("node", node).register(meters);
  }

  @Override
  public void onApplied(Result result) {
    if (result instanceof Result.Raised raised) {
      int refused = 0;
      for (RaiseResult one : raised.results()) {
        refused += one.error() == 0 ? 0 : 1;
      }
      refusedRaises.increment(refused);
      raises.increment(raised.results().size() - refused);
    } else if (result instanceof Result.Renewed) {
      renewals.increment();
    } else if (result instanceof Result.Granted granted) {
      grants.increment(granted.granted());
    } else if (result instanceof Result.Released released) {
      releases.increment(released.results().size());
    } else if (result instanceof Result.Witnessed witnessed && witnessed.routes() != null) {
      halted.increment(witnessed.halted().size());
    } else if (result instanceof Result.Expired) {
      expires.increment();
    }
  }
}
