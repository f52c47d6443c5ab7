package dev.ratchet.bench.resp;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What redis-benchmark prints with {@code --csv}: up to 6.0 a line of name and rate, from 6.2 on a
 * line of column names before, and latencies behind.
 */
final class BenchmarkCsv {
  private static final Pattern LINE =
      Pattern.compile("(?m)^\"INCR[^\"]*\",\"([0-9]+(?:\\.[0-9]+)?)\"");
  private static final Pattern ERROR = Pattern.compile("(?mi)^error.*$");

  /** It says so when it can't print a server's settings, and goes on. */
  private static final String HARMLESS = "CONFIG";

  private BenchmarkCsv() {}

  /**
   * Requests a second.
   *
   * @throws CliException when the server answered with errors, or there is no rate
   */
  static double requestsPerSecond(String output) {
    List<String> errors =
        ERROR
            .matcher(output)
            .results()
            .map(found -> found.group())
            .filter(line -> !line.contains(HARMLESS))
            .toList();
    if (!errors.isEmpty()) {
      throw new CliException(ExitCode.FAILED, "redis-benchmark met errors: " + errors.get(0));
    }
    Matcher line = LINE.matcher(output);
    if (!line.find()) {
      throw new CliException(
          ExitCode.FAILED, "redis-benchmark printed no rate, but: " + output.strip());
    }
    return Double.parseDouble(line.group(1));
  }
}
