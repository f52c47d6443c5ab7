package dev.ratchet.cli.replay;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.KeyName;
import dev.ratchet.cli.call.ServerOption;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet replay}. */
@Command(
    name = "replay",
    description = {
      "Replay a log of messages: each takes the next number of its target, and all are checked.",
      "",
      "A line of the log is `source target time`; the file may be gzipped. A first line that is a",
      "header and lines that start with # or %% are skipped. Any other line that is not of that",
      "form is an error, found before the first number is taken.",
      "",
      "Checked for each target: `unique`, no number came twice; `rising`, a call made after another",
      "had returned got a larger number. Exit code 1 when one of them is false.",
      "",
      "Example: ./ratchet replay messages.txt.gz --in-flight 1000",
    })
public final class ReplayCommand implements Callable<Integer> {
  private static final int MAX_IN_FLIGHT = 1_000_000;

  /** What a run remembers of each call takes some 60 bytes. */
  private static final int MAX_MESSAGES = 50_000_000;

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Parameters(paramLabel = "FILE", description = "The log, plain or gzipped.")
  private Path file;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Calls that wait for their answer at a time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often the log is replayed, as one run (default: ${DEFAULT-VALUE}).")
  private int times;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most calls a second; 0 for as many as possible (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "user",
      description = "Whose keys the targets are (default: ${DEFAULT-VALUE}).")
  private String namespace;

  @Override
  public Integer call() throws InterruptedException {
    if (inFlight < 1 || inFlight > MAX_IN_FLIGHT) {
      throw new ParameterException(spec.commandLine(), "--in-flight must be 1 to " + MAX_IN_FLIGHT);
    }
    if (!Namespace.isValidName(namespace)) {
      throw new ParameterException(
          spec.commandLine(), "--namespace must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (times < 1 || rate < 0) {
      throw new ParameterException(
          spec.commandLine(), "--times must be 1 or more, and --rate 0 or more");
    }
    MessageLog log = MessageLog.read(file);
    if ((long) log.messages().size() * times > MAX_MESSAGES) {
      throw new ParameterException(
          spec.commandLine(),
          "the log has "
              + log.messages().size()
              + " messages; --times may be at most "
              + Math.max(1, MAX_MESSAGES / log.messages().size())
              + ", for "
              + MAX_MESSAGES
              + " messages in all");
    }
    ClientConfig config = server.config();
    config = config.withMaxOutstanding(Math.max(inFlight, config.maxOutstanding()));
    try (RatchetClient client = RatchetClient.connect(config)) {
      // One call first: a wrong address, namespace or kind of key ends the run before it begins.
      KeyName first = new KeyName(namespace, log.targets().get(0));
      ServerOption.await(client.current(first.namespace(), first.key()));
      boolean terminal = "yes".equals(System.getenv("RATCHET_TTY"));
      int total = log.messages().size() * times;
      Progress progress = new Progress(System.err, terminal, total);
      return report(log, new Replay(client, namespace, log, inFlight, times, rate).run(progress));
    }
  }

  private int report(MessageLog log, Replay.Outcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    int messages = outcome.history().size();
    double seconds = outcome.nanos() / 1e9;
    Histogram latency = outcome.latency();
    out.println("messages " + messages + " of " + log.messages().size() * times);
    out.println("targets " + log.targets().size());
    out.printf(Locale.ROOT, "rate %.0f/s (%.2f s)%n", messages / seconds, seconds);
    out.printf(
        Locale.ROOT,
        "latency p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n",
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getValueAtPercentile(99.9) / 1e6);
    HistoryCheck check = HistoryCheck.of(outcome.history());
    out.println("checks: unique " + check.unique() + ", rising " + check.rising());
    out.flush();
    return judge(outcome, check);
  }

  private static int judge(Replay.Outcome outcome, HistoryCheck check) {
    if (check.repeated() != null || check.fallen() != null) {
      throw new CliException(
          ExitCode.FAILED,
          "a check failed: " + (check.repeated() == null ? check.fallen() : check.repeated()));
    }
    RatchetException first = outcome.firstFailure();
    if (first != null) {
      throw new CliException(
          ExitCode.of(first.code()),
          outcome.failures() + " calls failed, the first with: " + first.getMessage());
    }
    return ExitCode.OK.number();
  }
}
