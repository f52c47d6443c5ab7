package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Pace;
import dev.ratchet.bench.process.Processes;
import dev.ratchet.bench.process.Programs;
import dev.ratchet.bench.report.Report;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a row measures with.
 *
 * @param home the checkout, with the {@code ratchet} command in it
 * @param work a folder for data, removed after the run
 * @param pace how long and how often
 * @param processes starts servers
 * @param programs finds what others make
 * @param progress told a line about what happens
 */
public record Bench(
    Path home,
    Path work,
    Pace pace,
    Processes processes,
    Programs programs,
    Consumer<String> progress) {

  /** Tells of a finding as soon as it is there, and gives it. */
  Finding found(Finding finding) {
    progress.accept(
        "  "
            + finding.what()
            + ": "
            + Report.figure(finding)
            + ", goal "
            + finding.goal()
            + (finding.isMet() ? "" : ": NOT MET"));
    return finding;
  }
}
