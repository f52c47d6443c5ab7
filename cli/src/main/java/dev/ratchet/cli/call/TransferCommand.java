package dev.ratchet.cli.call;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.TransferRequest;
import dev.ratchet.proto.rpc.Calls;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet admin transfer}. */
@Command(
    name = "transfer",
    description = {
      "Have another store node lead, as before work on the leader's machine.",
      "",
      "No section stops. At most one transfer in 3 seconds.",
      "",
      "Example: ./ratchet admin transfer store-2 --dir data/c1",
    })
public final class TransferCommand implements Callable<Integer> {
  private static final int WAIT_SECONDS = 10;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NODE", description = "Who is to lead.")
  private String node;

  @Mixin private AdminOption to;

  @Override
  public Integer call() throws Exception {
    try (RatchetClient client = to.connect()) {
      Members members = new Members(client, to.token());
      members.change(WAIT_SECONDS, Calls.TRANSFER, token -> new TransferRequest(token, node));
      members.awaitLeader(node, WAIT_SECONDS);
      spec.commandLine().getOut().println(node + " leads the store");
    }
    return 0;
  }
}
