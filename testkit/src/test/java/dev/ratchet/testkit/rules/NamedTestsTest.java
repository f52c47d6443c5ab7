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

/** The tests that docs/testing.md names exist: a promise to look for a known fault is kept. */
class NamedTestsTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");

  @Test
  void everyNamedTestIsThere() throws IOException {
    Matcher named = NAMED.matcher(Files.readString(Home.path().resolve("docs/testing.md")));
    List<String> missing = new ArrayList<>();
    int count = 0;
    while (named.find()) {
      count++;
      String method = "void " + named.group(2) + "(";
      List<Path> files = find(named.group(1) + ".java");
      if (files.size() != 1 || !Files.readString(files.get(0)).contains(method)) {
        missing.add(named.group());
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(count >= 25, "the page was not read: " + count + " names");
  }

  private static List<Path> find(String name) throws IOException {
    try (Stream<Path> files = Files.walk(Home.path())) {
      return files
          .filter(file -> file.getFileName().toString().equals(name))
          .filter(file -> file.toString().contains("/src/test/java/"))
          .toList();
    }
  }
}
