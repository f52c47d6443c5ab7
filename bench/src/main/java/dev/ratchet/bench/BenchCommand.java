package dev.ratchet.bench;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Pace;
import dev.ratchet.bench.process.Processes;
import dev.ratchet.bench.process.Programs;
import dev.ratchet.bench.report.Machine;
import dev.ratchet.bench.report.Report;
import dev.ratchet.bench.row.Bench;
import dev.ratchet.bench.row.Row;
import dev.ratchet.bench.row.Rows;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ratchet bench}. */
@Command(
    name = "bench",
    description = {
      "Measure against rivals and floors on this machine, in pairs, and say which goals are met.",
      "",
      "Example: ./ratchet bench --quick --rows 1,3",
      "",
      "Needs redis-server and redis-benchmark for rows 1 to 3, and a machine that does nothing",
      "else. docs/performance.md tells how to read the table. The exit code is 0 when all goals",
      "of the rows that ran are met, and 1 when some are not.",
    })
public final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "Fewer and shorter runs: for a look, not to quote.")
  private boolean quick;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "N",
      description = "Only these rows (default: all there are).")
  private @Nullable List<Integer> numbers;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the table goes, as .md and .json (default: bench/results).")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Row> rows = chosen();
    Path home = Path.of(System.getProperty("ratchet.home", ".")).toAbsolutePath().normalize();
    Path folder = out == null ? home.resolve("bench").resolve("results") : out;
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Machine machine = Machine.here(home);
    Path work = Files.createTempDirectory("ratchet-bench");
    Report report;
    try (Processes processes = new Processes(work)) {
      Pace pace = quick ? Pace.quick() : Pace.full();
      Bench bench =
          new Bench(home, work, pace, processes, Programs.ofThisMachine(), this::progress);
      List<Report.RowResult> results = measure(rows, bench);
      report = new Report(at, quick, machine, results, processes.commandLines());
    }
    remove(work);
    Path table = report.write(folder);
    print(report, table);
    return (report.isGood() ? ExitCode.OK : ExitCode.FAILED).number();
  }

  private List<Row> chosen() {
    List<Integer> wanted = numbers;
    if (wanted == null) {
      return Rows.all();
    }
    List<Integer> known = Rows.all().stream().map(Row::number).toList();
    for (Integer number : wanted) {
      if (!known.contains(number)) {
        String list = known.stream().map(String::valueOf).collect(Collectors.joining(", "));
        throw new ParameterException(
            spec.commandLine(), "--rows: there is no row " + number + "; there are " + list);
      }
    }
    return Rows.all().stream().filter(row -> wanted.contains(row.number())).toList();
  }

  private List<Report.RowResult> measure(List<Row> rows, Bench bench)
      throws IOException, InterruptedException {
    List<Report.RowResult> results = new ArrayList<>();
    for (Row row : rows) {
      progress("row " + row.number() + ": " + row.title());
      List<Finding> findings = row.measure(bench);
      results.add(new Report.RowResult(row.number(), row.title(), findings));
    }
    return results;
  }

  /** What happens goes to stderr: stdout has the table. */
  private void progress(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private void print(Report report, Path table) {
    TextTable text = new TextTable("row", "what", "ratio or figure", "goal", "met");
    for (Report.RowResult row : report.rows()) {
      for (Finding finding : row.findings()) {
        text.row(
            row.number(),
            finding.what(),
            Report.figure(finding),
            finding.goal(),
            finding.isMet() ? "yes" : "NO");
      }
    }
    PrintWriter to = spec.commandLine().getOut();
    text.lines().forEach(to::println);
    if (report.quick()) {
      to.println("A quick run: too few and too short runs to quote.");
    }
    to.println(table);
    to.flush();
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
