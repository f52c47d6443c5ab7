package dev.ratchet.cli.call;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.StatusReply;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ratchet admin}. */
@Command(
    name = "admin",
    synopsisSubcommandLabel = "COMMAND",
    description = {"Look at a running cluster.", "", "Example: ./ratchet admin status"})
public final class AdminCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: status");
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
}
