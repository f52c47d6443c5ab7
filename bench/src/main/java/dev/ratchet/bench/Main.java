package dev.ratchet.bench;

import dev.ratchet.cli.Logs;
import dev.ratchet.cli.Ratchet;
import picocli.CommandLine;

/** Entry of {@code ./ratchet bench}. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Logs.quiet();
    System.exit(commandLine().execute(arguments));
  }

  /** The {@code ratchet} command with {@code bench} among its commands: errors are told alike. */
  static CommandLine commandLine() {
    return Ratchet.commandLine().addSubcommand(new BenchCommand());
  }
}
