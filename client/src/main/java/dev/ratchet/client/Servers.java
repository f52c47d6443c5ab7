package dev.ratchet.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who can be asked about routes, namespaces and status: the configured servers and the allocation
 * nodes of the route table. Connections to those that have gone are closed. Thread-safe.
 */
final class Servers implements AutoCloseable {
  private final List<HostPort> configured;
  private final RouteTable table;
  private final EventLoops loops;
  private final LongConsumer newerRoutes;

  @GuardedBy("this")
  private final Map<HostPort, RpcPeer> peers = new HashMap<>();

  @GuardedBy("this")
  private int pollTurn = ThreadLocalRandom.current().nextInt(1 << 16);

  @GuardedBy("this")
  private int turn;

  /** Where a server last sent a call on to; it need not be one of those known. */
  @GuardedBy("this")
  private @Nullable HostPort hinted;

  Servers(List<HostPort> configured, RouteTable table, EventLoops loops, LongConsumer newerRoutes) {
    this.configured = List.copyOf(configured);
    this.table = table;
    this.loops = loops;
    this.newerRoutes = newerRoutes;
  }

  /** The server that is polled at present. */
  synchronized RpcPeer polled() {
    return peer(pollTurn);
  }

  /** Polls another server from now on, and asks it rather than the failed one from the start. */
  synchronized void movePoll(RpcPeer failed) {
    if (peer(pollTurn).address().equals(failed.address())) {
      pollTurn++;
    }
  }

  /** The servers in turn, another one than is polled where there is a choice. */
  synchronized RpcPeer next() {
    HostPort polled = peer(pollTurn).address();
    RpcPeer peer = peer(turn++);
    return peer.address().equals(polled) ? peer(turn++) : peer;
  }

  /** The server that another one named. */
  synchronized RpcPeer at(HostPort address) {
    hinted = address;
    return open(address);
  }

  @GuardedBy("this")
  private RpcPeer peer(int index) {
    Set<HostPort> known = new LinkedHashSet<>(configured);
    for (OwnerInfo owner : table.owners()) {
      known.add(new HostPort(owner.host(), owner.port()));
    }
    closeOthers(known);
    List<HostPort> list = new ArrayList<>(known);
    HostPort address = list.get(Math.floorMod(index, list.size()));
    return open(address);
  }

  @GuardedBy("this")
  private RpcPeer open(HostPort address) {
    return peers.computeIfAbsent(
        address, to -> new RpcPeer(loops, to, table::version, newerRoutes));
  }

  @GuardedBy("this")
  private void closeOthers(Set<HostPort> known) {
    HostPort named = hinted;
    peers
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !known.contains(entry.getKey()) && !entry.getKey().equals(named);
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
  }

  @Override
  public synchronized void close() {
    peers.values().forEach(RpcPeer::close);
  }
}
