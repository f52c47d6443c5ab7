package dev.ratchet.bench.report;

import dev.ratchet.bench.measure.Figures;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Pairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run found.
 *
 * @param at when it began
 * @param quick whether it is too short to quote
 * @param machine where it ran
 * @param rows what was measured
 * @param processes command lines of all servers
 */
public record Report(
    Instant at, boolean quick, Machine machine, List<RowResult> rows, List<String> processes) {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** The findings of one row. */
  public record RowResult(int number, String title, List<Finding> findings) {}

  /** Whether every goal is reached. */
  public boolean isGood() {
    return rows.stream().flatMap(row -> row.findings().stream()).allMatch(Finding::isMet);
  }

  /** The name of its files, without what stands behind the dot. */
  public String name() {
    return NAME.format(at);
  }

  /** Writes {@code NAME.json} and {@code NAME.md}, and gives the latter's path. */
  public Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name() + ".json"), json());
    return Files.writeString(folder.resolve(name() + ".md"), markdown());
  }

  /** All of it for programs, every run included. */
  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", 1);
    all.put("at", at.toString());
    all.put("quick", quick);
    all.put("good", isGood());
    all.put("machine", machine.facts());
    all.put("processes", processes);
    all.put("rows", rows.stream().map(Report::row).toList());
    return Json.text(all);
  }

  private static Map<String, Object> row(RowResult row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("row", row.number());
    fields.put("title", row.title());
    fields.put("findings", row.findings().stream().map(Report::finding).toList());
    return fields;
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("what", finding.what());
    fields.put("unit", finding.unit());
    fields.put("figure", finding.figure());
    fields.put("goal", finding.goal().toString());
    fields.put("met", finding.isMet());
    fields.put("note", finding.note());
    Pairs pairs = finding.pairs();
    if (pairs != null) {
      fields.put("ours", pairs.all().stream().map(Pairs.Pair::ours).toList());
      fields.put("rival", pairs.all().stream().map(Pairs.Pair::rival).toList());
      fields.put("ratios", pairs.all().stream().map(Pairs.Pair::ratio).toList());
    }
    return fields;
  }

  /** The table for people. */
  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# Benchmark of " + at);
    lines.add("");
    if (quick) {
      lines.add("A quick run: too few and too short runs to quote.");
      lines.add("");
    }
    lines.add(
        "| row | what | unit | ours | compared with | ratio (spread) or figure | goal | met |");
    lines.add("|---|---|---|---|---|---|---|---|");
    for (RowResult row : rows) {
      row.findings().forEach(finding -> lines.add(line(row, finding)));
    }
    lines.add("");
    for (RowResult row : rows) {
      lines.add("Row " + row.number() + ": " + row.title() + ".");
      row.findings().stream()
          .filter(finding -> !finding.note().isEmpty())
          .forEach(finding -> lines.add("- " + finding.what() + ": " + finding.note()));
      lines.add("");
    }
    machine.facts().forEach((name, fact) -> lines.add("- " + name + ": " + fact));
    lines.add("");
    processes.forEach(process -> lines.add("    " + process));
    return String.join("\n", lines) + "\n";
  }

  private static String line(RowResult row, Finding finding) {
    Pairs pairs = finding.pairs();
    String ours = pairs == null ? "" : Figures.text(pairs.ours());
    String rival = pairs == null ? "" : Figures.text(pairs.rival());
    return "| "
        + String.join(
            " | ",
            Integer.toString(row.number()),
            finding.what(),
            finding.unit(),
            ours,
            rival,
            figure(finding),
            finding.goal().toString(),
            finding.isMet() ? "yes" : "**no**")
        + " |";
  }

  /** The figure that the goal is about, with the spread of the pairs. */
  public static String figure(Finding finding) {
    Pairs pairs = finding.pairs();
    String figure = Figures.text(finding.figure());
    return pairs == null
        ? figure
        : figure
            + " ("
            + Figures.text(pairs.lowest())
            + " to "
            + Figures.text(pairs.highest())
            + ")";
  }
}
