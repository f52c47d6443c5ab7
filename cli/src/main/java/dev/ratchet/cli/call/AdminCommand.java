package dev.ratchet.cli.call;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.Calls;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet admin}. */
@Command(
    name = "admin",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      MemberCommand.class,
      TransferCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
    },
    description = {
      "Look at a running cluster, and operate it.",
      "",
      "Example: ./ratchet admin status"
    })
public final class AdminCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: status, drain, member, transfer, backup or restore");
  }

  @Command(
      name = "status",
      description = {
        "Show store nodes, allocation nodes and routes as the store's leader sees them.",
        "",
        "Example: ./ratchet admin status --json",
      })
  int status(
      @Option(names = "--json", description = "One JSON object on one line.") boolean json,
      @Mixin ServerOption to)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (RatchetClient client = to.connect()) {
      StatusReply status = ServerOption.await(client.status());
      if (json) {
        out.println(StatusReport.json(status));
      } else {
        StatusReport.text(status).forEach(out::println);
      }
    }
    return 0;
  }

  @Command(
      name = "drain",
      description = {
        "Hand an allocation node's sections over to the others; it gets no new ones.",
        "",
        "That lasts until the node is started again, or --undo.",
        "",
        "Example: ./ratchet admin drain alloc-1 --dir data/c1",
      })
  int drain(
      @Parameters(paramLabel = "NODE", description = "Id of the allocation node.") String node,
      @Option(names = "--undo", description = "Let the node take sections again.") boolean undo,
      @Mixin AdminOption to)
      throws IOException, InterruptedException {
    String token = to.token();
    try (RatchetClient client = to.connect()) {
      ServerOption.await(client.admin(Calls.DRAIN, new DrainRequest(token, node, undo)));
      spec.commandLine()
          .getOut()
          .println(node + (undo ? " takes sections again" : " takes no sections any more"));
    }
    return 0;
  }
}
