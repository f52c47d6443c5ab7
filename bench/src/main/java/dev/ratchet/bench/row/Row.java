package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import java.io.IOException;
import java.util.List;

/** One row of the table. */
public interface Row {
  /** Its number, by which it is asked for. */
  int number();

  /** What is compared, in a line. */
  String title();

  /**
   * Measures it; ends all that it started.
   *
   * @throws dev.ratchet.cli.CliException that says why it can't be measured here
   */
  List<Finding> measure(Bench bench) throws IOException, InterruptedException;
}
