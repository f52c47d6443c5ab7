package dev.ratchet.client;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.HostPort;
import io.netty.channel.EventLoopGroup;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One link for each incarnation that owns sections. When the route table no longer names an
 * incarnation its lease is over, so its link is closed and its calls go to the new owners; what it
 * may still answer is dropped with the connection. Thread-safe.
 */
final class Owners implements Destination {
  private final RouteTable table;
  private final EpochFloor floor;
  private final EventLoopGroup loops;
  private final Link.Surroundings around;
  private final ConcurrentHashMap<Integer, Link> links = new ConcurrentHashMap<>();

  Owners(RouteTable table, EpochFloor floor, EventLoopGroup loops, Link.Surroundings around) {
    this.table = table;
    this.floor = floor;
    this.loops = loops;
    this.around = around;
  }

  @Override
  public @Nullable Link linkFor(SequenceCall call, Namespace namespace) {
    Route route = usable(call);
    OwnerInfo owner = route == null ? null : route.owner();
    if (route == null || owner == null) {
      call.triedEpoch = SequenceCall.NOT_TRIED;
      return null;
    }
    call.triedEpoch = route.epoch();
    Link link = links.get(owner.incarnation());
    return link != null ? link : links.computeIfAbsent(owner.incarnation(), id -> open(owner));
  }

  private Link open(OwnerInfo owner) {
    HostPort address = new HostPort(owner.host(), owner.port());
    return new Link(address, BatchFormat.ISSUE, Integer.MAX_VALUE, loops.next(), around);
  }

  @Override
  public boolean isBetterNow(SequenceCall call) {
    Route route = usable(call);
    return route != null && route.epoch() > call.triedEpoch;
  }

  /** The section's route, unless nobody serves it or an answer has shown that it is outdated. */
  private @Nullable Route usable(SequenceCall call) {
    Route route = table.route(call.namespaceId, call.section);
    return route == null
            || route.owner() == null
            || route.epoch() < floor.of(call.namespaceId, call.section)
        ? null
        : route;
  }

  @Override
  public void routesChanged() {
    Set<Integer> living = new HashSet<>();
    table.owners().forEach(owner -> living.add(owner.incarnation()));
    for (Integer incarnation : links.keySet()) {
      if (!living.contains(incarnation)) {
        Link link = links.remove(incarnation);
        if (link != null) {
          link.close("the lease of the owner at " + link.address() + " is over");
        }
      }
    }
  }

  @Override
  public void close() {
    links.values().forEach(link -> link.close("the client is closed"));
  }
}
