package dev.ratchet.client;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.rpc.HostPort;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One link for each router, taken in turn; those that can't be reached are left out. Thread-safe.
 */
final class Routers implements Destination {
  private final List<Link> links = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  Routers(List<HostPort> servers, EventLoopGroup loops, Link.Surroundings around) {
    for (HostPort server : servers) {
      links.add(new Link(server, BatchFormat.CALL, loops.next(), around));
    }
  }

  @Override
  public Link linkFor(SequenceCall call, Namespace namespace) {
    int first = Math.floorMod(turn.getAndIncrement(), links.size());
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get((first + i) % links.size());
      if (!link.isDown()) {
        return link;
      }
    }
    return links.get(first);
  }

  @Override
  public boolean isBetterNow(SequenceCall call) {
    return false;
  }

  @Override
  public void routesChanged() {
    // Routers find the owners themselves.
  }

  @Override
  public void close() {
    links.forEach(link -> link.close("the client is closed"));
  }
}
