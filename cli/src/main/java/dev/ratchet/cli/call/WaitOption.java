package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for what it began. */
public final class WaitOption {
  @Option(
      names = "--wait-seconds",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait for the end; what was begun goes on without the command"
              + " (default: ${DEFAULT-VALUE}).")
  private int seconds;

  Duration bound() {
    if (seconds < 0) {
      throw new CliException(ExitCode.USAGE, "--wait-seconds must be 0 or more");
    }
    return Duration.ofSeconds(seconds);
  }
}
