package dev.ratchet.store.member;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.message.DiskRequest;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Calls to other store nodes, wherever they are by now. Thread-safe. */
public final class MemberCalls implements AutoCloseable {
  private final EventLoops loops;
  private final DiskRequest question;

  @GuardedBy("this")
  private final Map<HostPort, RpcPeer> peers = new HashMap<>();

  /** {@code question}: what this node asks others about disks. */
  public MemberCalls(EventLoops loops, DiskRequest question) {
    this.loops = loops;
    this.question = question;
  }

  /** Sends a call to an address. */
  public <Q, R> CompletableFuture<R> call(
      HostPort address, Call<Q, R> call, Q request, long timeoutMillis) {
    return peer(address).call(call, request, timeoutMillis);
  }

  /** Asks about the disk of a node. */
  public CompletableFuture<DiskReply> disk(HostPort address, long timeoutMillis) {
    return call(address, Calls.DISK, question, timeoutMillis);
  }

  /** Closes connections to all others than these. */
  public synchronized void retain(Collection<HostPort> addresses) {
    for (Iterator<RpcPeer> known = peers.values().iterator(); known.hasNext(); ) {
      RpcPeer peer = known.next();
      if (!addresses.contains(peer.address())) {
        known.remove();
        peer.close();
      }
    }
  }

  private synchronized RpcPeer peer(HostPort address) {
    return peers.computeIfAbsent(address, to -> new RpcPeer(loops, to, () -> 0L, none -> {}));
  }

  @Override
  public synchronized void close() {
    peers.values().forEach(RpcPeer::close);
  }
}
