package dev.ratchet.store.member;

import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.message.DiskRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.RpcPeer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks other store nodes about disks. Thread-safe. */
final class DiskCalls implements AutoCloseable {
  private final DiskRequest question;
  private final Map<Peer, RpcPeer> peers = new LinkedHashMap<>();

  DiskCalls(EventLoops loops, List<Peer> others, DiskRequest question) {
    this.question = question;
    others.forEach(peer -> peers.put(peer, new RpcPeer(loops, peer.rpc(), () -> 0L, none -> {})));
  }

  /** Asks all of them once. Each has a key in the answers. */
  CompletableFuture<Map<Peer, Optional<DiskReply>>> ask(long timeoutMillis) {
    return ask(peers.keySet(), timeoutMillis);
  }

  /** Asks some of them once. */
  CompletableFuture<Map<Peer, Optional<DiskReply>>> ask(Collection<Peer> whom, long timeoutMillis) {
    Map<Peer, CompletableFuture<Optional<DiskReply>>> asked = new LinkedHashMap<>();
    for (Map.Entry<Peer, RpcPeer> peer : peers.entrySet()) {
      if (whom.contains(peer.getKey())) {
        asked.put(
            peer.getKey(),
            peer.getValue()
                .call(Calls.DISK, question, timeoutMillis)
                .handle((reply, failure) -> Optional.ofNullable(reply)));
      }
    }
    return CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0]))
        .thenApply(
            done -> {
              Map<Peer, Optional<DiskReply>> answers = new LinkedHashMap<>();
              asked.forEach((peer, answer) -> answers.put(peer, answer.join()));
              return answers;
            });
  }

  @Override
  public void close() {
    peers.values().forEach(RpcPeer::close);
  }
}
