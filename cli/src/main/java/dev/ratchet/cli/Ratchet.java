package dev.ratchet.cli;

import dev.ratchet.cli.call.AdminCommand;
import dev.ratchet.cli.call.NamespaceCommand;
import dev.ratchet.cli.call.SeqCommand;
import dev.ratchet.cli.cluster.ClusterCommand;
import dev.ratchet.cli.dev.DevCommand;
import dev.ratchet.cli.node.AllocCommand;
import dev.ratchet.cli.node.RouterCommand;
import dev.ratchet.cli.node.StoreCommand;
import dev.ratchet.cli.replay.ReplayCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code ratchet} command. */
@Command(
    name = "ratchet",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Per-key sequence numbers that only go up, replicated over zones.",
      "",
      "Example: ./ratchet dev",
    },
    subcommands = {
      DevCommand.class,
      SeqCommand.class,
      ReplayCommand.class,
      ClusterCommand.class,
      NamespaceCommand.class,
      AdminCommand.class,
      StoreCommand.class,
      AllocCommand.class,
      RouterCommand.class,
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  done",
      "  1  failed, and certainly did not happen; or a check failed",
      "  2  wrong arguments or settings; nothing was tried",
      "  3  outcome unknown: it may have happened (a number may have been used up)",
      "  4  unavailable: it certainly did not happen, and may work when tried again",
    })
public final class Ratchet implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors (as RATCHET_DEBUG=1 does).")
  private boolean verbose;

  /** The parser with all commands and the handlers of errors. */
  public static CommandLine commandLine() {
    Ratchet ratchet = new Ratchet();
    CommandLine line = new CommandLine(ratchet);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          boolean traces = ratchet.verbose || System.getenv("RATCHET_DEBUG") != null;
          return Failures.report(failure, traces, command.getErr()).number();
        });
    line.setParameterExceptionHandler(Ratchet::refuse);
    return line;
  }

  private static int refuse(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("ratchet: " + wrong.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
      err.println("Try: ./" + command.getCommandSpec().qualifiedName() + " --help");
    }
    return ExitCode.USAGE.number();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
