package dev.ratchet.client;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.rpc.HostPort;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One link for each router, taken in turn; those that can't be reached are left out. A router may
 * be cut off from the owners and not from here: so none gets all of a call's time where there is
 * another, which is asked next. Thread-safe.
 */
final class Routers implements Destination {
  /** A call may go to so many routers, one after the other, before its time is over. */
  private static final int TURNS = 4;

  private final List<Link> links = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  /** {@code timeoutMillis}: that of most calls. */
  Routers(
      List<HostPort> servers, int timeoutMillis, EventLoopGroup loops, Link.Surroundings around) {
    int most = servers.size() == 1 ? Integer.MAX_VALUE : Math.max(1, timeoutMillis / TURNS);
    for (HostPort server : servers) {
      links.add(new Link(server, BatchFormat.CALL, most, loops.next(), around));
    }
  }

  @Override
  public Link linkFor(SequenceCall call, Namespace namespace) {
    int first = Math.floorMod(turn.getAndIncrement(), links.size());
    if (call.failures > 0 && links.get(first).address().equals(call.triedAddress)) {
      first++;
    }
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get((first + i) % links.size());
      if (!link.isDown()) {
        return link;
      }
    }
    return links.get(first % links.size());
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
