package dev.ratchet.cli.cluster;

import dev.ratchet.cli.call.Handovers;
import dev.ratchet.cli.call.ServerOption;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.DrainReply;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.Calls;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;

/** Does to a cluster what an operator may, with its admin token. */
final class Operator {
  private static final Duration DRAIN_BOUND = Duration.ofMinutes(1);

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
    int incarnation = ask(node, false).incarnation();
    PrintWriter nobody = new PrintWriter(Writer.nullWriter());
    new Handovers(client, nobody, DRAIN_BOUND).awaitDrained(node, incarnation);
  }

  /** Lets it take sections again. */
  void undoDrain(String node) throws InterruptedException {
    ask(node, true);
  }

  private DrainReply ask(String node, boolean undo) throws InterruptedException {
    return ServerOption.await(client.admin(Calls.DRAIN, new DrainRequest(token, node, undo)));
  }
}
