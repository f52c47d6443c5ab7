package dev.ratchet.store.rpc;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.store.lead.Proposer;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.StateReader;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the connections that lease holders call on. When the last of a holder breaks and it is
 * not heard of again soon, it is proposed to be suspect: its strict sections go to others without
 * waiting for the lease. A wrong suspicion does no harm; the holder's next renewal ends it.
 * Thread-safe.
 */
final class HolderConnections {
  private static final Logger LOG = LoggerFactory.getLogger(HolderConnections.class);

  private final int suspectMillis;
  private final Proposer proposer;
  private final StateReader reader;
  private final RouteTable routes;
  private final Reads reads;

  /** The open connections of each incarnation that has one, never empty; immutable sets. */
  private final Map<Integer, Set<Object>> open = new ConcurrentHashMap<>();

  HolderConnections(
      int suspectMillis, Proposer proposer, StateReader reader, RouteTable routes, Reads reads) {
    this.reads = reads;
    this.suspectMillis = suspectMillis;
    this.proposer = proposer;
    this.reader = reader;
    this.routes = routes;
  }

  /** A holder called. */
  void heard(int incarnation, RpcContext<?> context) {
    boolean isKnown = open.getOrDefault(incarnation, Set.of()).contains(context.connection());
    if (!isKnown) {
      open.merge(incarnation, Set.of(context.connection()), HolderConnections::union);
      context.onDisconnect(() -> broke(incarnation, context));
    }
  }

  private static Set<Object> union(Set<Object> one, Set<Object> other) {
    Set<Object> both = new HashSet<>(one);
    both.addAll(other);
    return Set.copyOf(both);
  }

  private void broke(int incarnation, RpcContext<?> context) {
    Set<Object> left =
        open.computeIfPresent(
            incarnation,
            (holder, connections) -> {
              Set<Object> others = new HashSet<>(connections);
              others.remove(context.connection());
              return others.isEmpty() ? null : Set.copyOf(others);
            });
    boolean matters = routes.namespaces().stream().anyMatch(Namespace::strict);
    if (left == null && matters) {
      reads.run(
          failure -> LOG.debug("a broken connection is not followed: {}", failure.getMessage()),
          () -> suspectLater(reader.lease(incarnation), context.eventLoop()));
    }
  }

  private void suspectLater(@Nullable Lease lease, EventLoop loop) {
    if (lease != null && !loop.isShuttingDown()) {
      var unused = loop.schedule(() -> suspect(lease), suspectMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void suspect(Lease lease) {
    if (open.containsKey(lease.incarnation()) || !proposer.isLeading()) {
      return;
    }
    LOG.info(
        "the connection to node '{}' broke and it has not come back; its strict sections go to"
            + " others",
        lease.node());
    // It names the renewal of before the break: one that came since defeats it.
    proposer
        .propose(new Command.Suspect(lease.incarnation(), lease.renewal()))
        .whenComplete(
            (result, failure) -> {
              if (failure != null) {
                LOG.debug("the suspicion had no effect: {}", failure.getMessage());
              }
            });
  }
}
