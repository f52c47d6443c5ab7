package dev.ratchet.cli.cluster;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.TextTable;
import dev.ratchet.cli.call.ServerOption;
import dev.ratchet.cli.config.AdminFolder;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.RatchetException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ratchet cluster failover}. */
@Command(
    name = "failover",
    description = {
      "Measure failover from outside: hurt a running cluster again and again under traffic.",
      "",
      "A client takes numbers of many keys all the time. A trial hits its victims, waits until every",
      "key gets numbers again, starts the victims anew and waits until the cluster is whole.",
      "SILENCE is the longest time that any key got no number after the hit, RETURN the same while",
      "the victims came back. Exit code 1 when a number repeated or fell, a call failed, or a number",
      "was skipped though nothing died.",
      "",
      "Example: ./ratchet cluster failover --dir data/c1 --trials 20",
    })
final class FailoverCommand implements Callable<Integer> {
  private static final int MAX_TRIALS = 10_000;
  private static final int RECOVERY_SECONDS = 60;
  private static final int POLL_MILLIS = 20;

  /** Quiet time before a hit, and after the victims are back: longer than any lease. */
  private static final int SETTLE_MILLIS = 2_500;

  @Spec private CommandSpec spec;

  @Option(names = "--dir", required = true, paramLabel = "DIR")
  private Path dir;

  @Option(
      names = "--fault",
      split = ",",
      defaultValue = "kill_alloc",
      description =
          "One, or several with commas, to be caused in turn, of ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Fault> faults;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often (default: ${DEFAULT-VALUE}).")
  private int trials;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "64",
      description = "Keys that take numbers (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Namespace of the keys, of kind string (default: ${DEFAULT-VALUE}).")
  private String namespace;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (trials < 1 || trials > MAX_TRIALS || keys < 1 || keys > MAX_TRIALS) {
      throw new ParameterException(
          spec.commandLine(), "--trials and --keys must be 1 to " + MAX_TRIALS);
    }
    LocalCluster cluster = ClusterCommand.open(dir);
    ClientConfig config =
        ClientConfig.of(cluster.routerAddresses()).withTimeoutMillis(10_000).withThreads(1);
    try (RatchetClient client = RatchetClient.connect(config)) {
      ServerOption.await(client.next(namespace, "probe-0"));
      Operator operator = new Operator(client, new AdminFolder(dir).token());
      try (Prober prober = new Prober(client, namespace, keys)) {
        return run(cluster, operator, prober);
      }
    }
  }

  private int run(LocalCluster cluster, Operator operator, Prober prober)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        faults.stream().map(Fault::description).collect(Collectors.joining("; "))
            + ", "
            + trials
            + " times, "
            + keys
            + " keys of "
            + namespace);
    Map<Fault, List<Double>> silences = new EnumMap<>(Fault.class);
    Map<Fault, List<Double>> returns = new EnumMap<>(Fault.class);
    TextTable table = new TextTable("TRIAL", "FAULT", "VICTIMS", "SILENCE ms", "RETURN ms");
    long skippedByGraceful = 0;
    for (int trial = 0; trial < trials; trial++) {
      Fault fault = faults.get(trial % faults.size());
      TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
      List<LocalNode> victims = fault.victims(cluster, operator.status(), trial / faults.size());
      long skippedBefore = prober.skipped();
      prober.mark();
      fault.hurt(victims, operator);
      awaitAnswers(prober);
      double silence = prober.longestSilenceMillis();
      prober.mark();
      cluster.start();
      fault.heal(victims, operator);
      awaitWhole(operator);
      TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
      double back = prober.longestSilenceMillis();
      silences.computeIfAbsent(fault, any -> new ArrayList<>()).add(silence);
      returns.computeIfAbsent(fault, any -> new ArrayList<>()).add(back);
      skippedByGraceful += fault.isGraceful() ? prober.skipped() - skippedBefore : 0;
      table.row(
          trial + 1,
          fault,
          victims.stream().map(victim -> victim.node().name()).collect(Collectors.joining(" ")),
          format(silence),
          format(back));
    }
    table.lines().forEach(out::println);
    silences.forEach((fault, all) -> out.println(fault + " silence ms: " + summary(all)));
    returns.forEach((fault, all) -> out.println(fault + " return ms:  " + summary(all)));
    out.println(
        "numbers "
            + prober.numbers()
            + ", failed calls "
            + prober.errors()
            + ", all rising "
            + (prober.wrong() == null)
            + ", skipped "
            + prober.skipped());
    out.flush();
    return judge(prober, skippedByGraceful);
  }

  private static int judge(Prober prober, long skippedByGraceful) {
    if (prober.wrong() != null) {
      throw new CliException(ExitCode.FAILED, "the contract is broken: " + prober.wrong());
    }
    if (prober.errors() > 0) {
      throw new CliException(
          ExitCode.FAILED,
          prober.errors() + " calls failed, the first with: " + prober.firstError());
    }
    if (skippedByGraceful > 0) {
      throw new CliException(
          ExitCode.FAILED,
          skippedByGraceful + " numbers were skipped though nothing died: " + prober.firstSkip());
    }
    return ExitCode.OK.number();
  }

  private static void awaitAnswers(Prober prober) throws InterruptedException {
    long hurt = System.nanoTime();
    while (!prober.allAnsweredSince(hurt)) {
      pollUntil(hurt, "not every key got a number again");
    }
  }

  private static void awaitWhole(Operator operator) throws InterruptedException {
    long from = System.nanoTime();
    while (!isWhole(operator)) {
      pollUntil(from, "the cluster did not become whole again");
    }
  }

  private static boolean isWhole(Operator operator) throws InterruptedException {
    try {
      return operator.status().unowned() == 0;
    } catch (RatchetException e) {
      return false;
    }
  }

  private static void pollUntil(long from, String what) throws InterruptedException {
    if (System.nanoTime() - from > TimeUnit.SECONDS.toNanos(RECOVERY_SECONDS)) {
      throw new CliException(
          ExitCode.FAILED,
          what + " within " + RECOVERY_SECONDS + " s; `ratchet cluster status` says more");
    }
    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
  }

  private static String summary(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return "median "
        + format(sorted.get((sorted.size() - 1) / 2))
        + ", worst "
        + format(sorted.get(sorted.size() - 1))
        + ", best "
        + format(sorted.get(0));
  }

  private static String format(double millis) {
    return String.format(Locale.ROOT, "%.0f", millis);
  }
}
