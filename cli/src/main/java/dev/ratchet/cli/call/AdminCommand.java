package dev.ratchet.cli.call;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.BalanceReply;
import dev.ratchet.proto.message.BalanceRequest;
import dev.ratchet.proto.message.DrainReply;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.message.MoveReply;
import dev.ratchet.proto.message.MoveRequest;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.Calls;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
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
      ResumeCommand.class,
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
        spec.commandLine(),
        "say what to do: status, drain, move, balance, resume, member, transfer, backup or restore");
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
        "No number is skipped and no call fails. That lasts until the node is started again, or",
        "--undo. Prints how many sections are left until there are none.",
        "",
        "Example: ./ratchet admin drain alloc-1 --dir data/c1",
      })
  int drain(
      @Parameters(paramLabel = "NODE", description = "Id of the allocation node.") String node,
      @Option(names = "--undo", description = "Let the node take sections again.") boolean undo,
      @Mixin WaitOption wait,
      @Mixin AdminOption to)
      throws IOException, InterruptedException {
    String token = to.token();
    try (RatchetClient client = to.connect()) {
      DrainReply drained =
          ServerOption.await(client.admin(Calls.DRAIN, new DrainRequest(token, node, undo)));
      Handovers handovers = new Handovers(client, spec.commandLine().getOut(), wait.bound());
      if (undo) {
        spec.commandLine().getOut().println(node + " takes sections again");
      } else {
        handovers.awaitDrained(node, drained.incarnation());
      }
    }
    return 0;
  }

  @Command(
      name = "move",
      description = {
        "Hand one section over to an allocation node, and keep it there.",
        "",
        "It stays until the node stops or is drained, or until `admin balance`; where it would make",
        "shares uneven, another section goes the other way.",
        "",
        "Example: ./ratchet admin move user 17 alloc-2 --dir data/c1",
      })
  int move(
      @Parameters(paramLabel = "NAMESPACE", description = "Name of the namespace.")
          String namespace,
      @Parameters(paramLabel = "SECTION", description = "Number of the section, from 0.")
          int section,
      @Parameters(paramLabel = "NODE", description = "Id of the allocation node.") String node,
      @Mixin WaitOption wait,
      @Mixin AdminOption to)
      throws IOException, InterruptedException {
    if (section < 0) {
      throw new ParameterException(spec.commandLine(), "SECTION must be 0 or more");
    }
    String token = to.token();
    try (RatchetClient client = to.connect()) {
      MoveRequest request = new MoveRequest(token, namespace, section, node);
      MoveReply moved = ServerOption.await(client.admin(Calls.MOVE, request));
      new Handovers(client, spec.commandLine().getOut(), wait.bound())
          .awaitMoved(request, moved.incarnation());
    }
    return 0;
  }

  @Command(
      name = "balance",
      description = {
        "Share all sections evenly again, those moved by hand too, and wait until that is done.",
        "",
        "Example: ./ratchet admin balance --dir data/c1",
      })
  int balance(@Mixin WaitOption wait, @Mixin AdminOption to)
      throws IOException, InterruptedException {
    String token = to.token();
    try (RatchetClient client = to.connect()) {
      Handovers handovers = new Handovers(client, spec.commandLine().getOut(), wait.bound());
      Map<SectionRef, String> before = handovers.owners();
      BalanceReply reply =
          ServerOption.await(client.admin(Calls.BALANCE, new BalanceRequest(token)));
      handovers.awaitBalanced(before, reply.unpinned());
    }
    return 0;
  }
}
