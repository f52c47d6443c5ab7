package dev.ratchet.cli.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says in the words of a file what a part's own {@code validate()} found: its problems name the
 * fields of a record, {@code leaseWaitMillis}, where the file has {@code lease.wait_millis}.
 */
final class FieldNames {
  private final Map<String, String> paths;
  private final Pattern names;

  /** The path in the file of each record field. */
  FieldNames(Map<String, String> paths) {
    this.paths = paths;
    this.names =
        Pattern.compile(
            paths.keySet().stream()
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "\\b(?:", ")\\b")));
  }

  /** Notes what {@code validate()} found, except of fields that are known to be wrong already. */
  void note(List<String> found, Problems problems) {
    for (String problem : found) {
      String said = translate(problem);
      int end = said.indexOf(':');
      String field = end < 0 ? "" : said.substring(0, end);
      if (end < 0) {
        problems.add(said);
      } else if (!problems.isUnder(field)) {
        problems.add(field, said.substring(end + 1).strip());
      }
    }
  }

  private String translate(String problem) {
    Matcher matcher = names.matcher(problem);
    return matcher.replaceAll(
        name -> Matcher.quoteReplacement(paths.getOrDefault(name.group(), name.group())));
  }
}
