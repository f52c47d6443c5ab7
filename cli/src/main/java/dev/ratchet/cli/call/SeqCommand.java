package dev.ratchet.cli.call;

import dev.ratchet.cli.KeyName;
import dev.ratchet.client.Current;
import dev.ratchet.client.Numbers;
import dev.ratchet.client.RatchetClient;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet seq}. */
@Command(
    name = "seq",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Take numbers, or ask for the last one.",
      "",
      "A KEY is NAMESPACE:KEY up to the first colon; without a colon the namespace is `default`.",
      "",
      "Example: ./ratchet seq next user:42",
    })
public final class SeqCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "say what to do: next or current");
  }

  @Command(
      name = "next",
      description = {
        "Take the next number of a key, or --count of them at once.",
        "",
        "Prints the number; with --count above 1 the range taken, FIRST..LAST, all of it yours.",
        "",
        "Example: ./ratchet seq next user:42 --count 10",
      })
  int next(
      @Parameters(paramLabel = "KEY", description = "NAMESPACE:KEY.") String key,
      @Option(
              names = "--count",
              paramLabel = "N",
              defaultValue = "1",
              description = "How many numbers (default: 1; at most 100000).")
          int count,
      @Mixin ServerOption to)
      throws InterruptedException {
    KeyName name = KeyName.parse(key);
    try (RatchetClient client = to.connect()) {
      Numbers numbers = ServerOption.await(client.next(name.namespace(), name.key(), count));
      String range = numbers.first() + (count > 1 ? ".." + numbers.last() : "");
      out().println(range);
    }
    return 0;
  }

  @Command(
      name = "current",
      description = {
        "Ask for the last number issued for a key; 0 when there is none.",
        "",
        "Prints the number. After a crash of the key's owner and until the key's next number it is",
        "only known that none above a bound was issued: then the bound, and `upper-bound` after it.",
        "",
        "Example: ./ratchet seq current user:42",
      })
  int current(
      @Parameters(paramLabel = "KEY", description = "NAMESPACE:KEY.") String key,
      @Mixin ServerOption to)
      throws InterruptedException {
    KeyName name = KeyName.parse(key);
    try (RatchetClient client = to.connect()) {
      Current current = ServerOption.await(client.current(name.namespace(), name.key()));
      out().println(current.value() + (current.upperBound() ? " upper-bound" : ""));
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
