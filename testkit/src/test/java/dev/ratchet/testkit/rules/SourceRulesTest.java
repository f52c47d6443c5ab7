package dev.ratchet.testkit.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What class files don't show: rules about the text of the sources. */
class SourceRulesTest {
  private static final int MAX_LINES = 400;

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a fault of the JVM is not ours to catch~catch \\((final )?(Throwable|Error) ",
        "an exception is not dropped~catch \\([^)]*\\) \\{\\s*\\}",
        "an exception is not called ignored~catch \\([^)]* (ignored|ignore|_) ?\\)",
        "a stack trace goes to the log~\\.printStackTrace\\(\\)",
        "nothing is left for later~\\b(TODO|FIXME|XXX)\\b",
        "nothing is a stub~new UnsupportedOperationException\\(\\)",
        "no thread sleeps in product code~Thread\\.sleep\\(",
      })
  void productCode(String rule, String forbidden) throws IOException {
    assertEquals(List.of(), matches("main", Pattern.compile(forbidden)), rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "no test is switched off~@Disabled\\b",
        "tests wait for what happens, not for a time~Thread\\.sleep\\(|\\.sleep\\(\\d",
        "an exception is not dropped~catch \\([^)]*\\) \\{\\s*\\}",
      })
  void tests(String rule, String forbidden) throws IOException {
    assertEquals(List.of(), matches("test", Pattern.compile(forbidden)), rule);
  }

  @Test
  void classesAreSmall() throws IOException {
    List<String> large = new ArrayList<>();
    for (Path file : sources("main")) {
      long lines = Files.readString(file).lines().count();
      if (lines > MAX_LINES) {
        large.add(Home.path().relativize(file) + " has " + lines + " lines");
      }
    }
    assertEquals(List.of(), large);
  }

  private static List<String> matches(String sourceSet, Pattern forbidden) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources(sourceSet)) {
      String text = Files.readString(file);
      Matcher match = forbidden.matcher(text);
      while (match.find()) {
        long line = text.substring(0, match.start()).lines().count();
        found.add(Home.path().relativize(file) + ":" + line + " " + match.group().strip());
      }
    }
    return found;
  }

  private static List<Path> sources(String sourceSet) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Home.path())) {
      for (Path module : modules.filter(Files::isDirectory).sorted().toList()) {
        Path folder = module.resolve("src").resolve(sourceSet).resolve("java");
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
          }
        }
      }
    }
    // This file writes the patterns down, and would find itself.
    sources.removeIf(file -> file.endsWith("SourceRulesTest.java"));
    assertTrue(sources.size() > 20, () -> "only " + sources);
    return sources;
  }
}
