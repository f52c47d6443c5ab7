package dev.ratchet.testkit.sim;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.RouteTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves a route table by long poll, as the production code's handler does. */
final class SimRoutesDoor {
  private final SimScheduler scheduler;
  private final SimProcess process;
  private final RouteTable table;
  private final Set<Waiting> waiting = new LinkedHashSet<>();

  private @Nullable RouteDelta newest;
  private long newestFrom;

  private static final class Waiting {
    final long version;
    final SimNetwork.Reply<RouteDelta> reply;

    Waiting(long version, SimNetwork.Reply<RouteDelta> reply) {
      this.version = version;
      this.reply = reply;
    }
  }

  SimRoutesDoor(SimScheduler scheduler, SimProcess process, RouteTable table) {
    this.scheduler = scheduler;
    this.process = process;
    this.table = table;
    table.onChange(this::wake);
  }

  void serve(RoutesRequest request, SimNetwork.Reply<RouteDelta> reply) {
    if (request.waitMillis() <= 0 || table.version() != request.version()) {
      answer(request.version(), reply);
      return;
    }
    Waiting call = new Waiting(request.version(), reply);
    waiting.add(call);
    scheduler.after(
        TimeUnit.MILLISECONDS.toNanos(request.waitMillis()),
        "poll over",
        process,
        () -> {
          if (waiting.remove(call)) {
            answer(call.version, call.reply);
          }
        });
  }

  private void wake() {
    List<Waiting> woken = List.copyOf(waiting);
    waiting.clear();
    woken.forEach(call -> answer(call.version, call.reply));
  }

  private void answer(long version, SimNetwork.Reply<RouteDelta> reply) {
    if (table.version() == 0) {
      reply.fail(new RatchetException(ErrorCode.UNAVAILABLE, "this node has no routes yet"));
    } else {
      reply.accept(since(version));
    }
  }

  /** Made once for all who wait, since a big cluster has hundreds. */
  private RouteDelta since(long version) {
    RouteDelta known = newest;
    if (known == null || known.version() != table.version() || newestFrom != version) {
      known = table.since(version);
      newest = known;
      newestFrom = version;
    }
    return known;
  }
}
