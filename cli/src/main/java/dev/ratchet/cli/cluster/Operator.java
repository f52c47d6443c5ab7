package dev.ratchet.cli.cluster;

import dev.ratchet.cli.call.ServerOption;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.Calls;
import java.util.concurrent.TimeUnit;

/** Does to a cluster what an operator may, with its admin token. */
final class Operator {
  private static final int POLL_MILLIS = 100;

  private final RatchetClient client;
  private final String token;

  Operator(RatchetClient client, String token) {
    this.client = client;
    this.token = token;
  }

  /** The cluster as the store's leader sees it. */
  StatusReply status() throws InterruptedException {
    return ServerOption.await(client.status());
  }

  /** Drains an allocation node; returns once it has no section. */
  void drain(String node) throws InterruptedException {
    ask(node, false);
    while (status().allocs().stream()
        .anyMatch(one -> one.node().equals(node) && one.sections() > 0)) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Lets it take sections again. */
  void undoDrain(String node) throws InterruptedException {
    ask(node, true);
  }

  private void ask(String node, boolean undo) throws InterruptedException {
    ServerOption.await(client.admin(Calls.DRAIN, new DrainRequest(token, node, undo)));
  }
}
