package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The state machine sees no clock, random, thread or I/O: it can't import or call one. */
class PureStateTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/ratchet/store/state");

  private static final Pattern ALLOWED =
      Pattern.compile(
          "import (dev\\.ratchet\\.proto\\.(key\\.|message\\.|route\\.)?[A-Z]\\w*"
              + "|dev\\.ratchet\\.proto\\.rpc\\.HostPort"
              + "|static dev\\.ratchet\\.store\\.state\\.Bounds\\.\\w+"
              + "|java\\.util\\.[A-Z]\\w*|java\\.util\\.function\\.\\w+"
              + "|java\\.util\\.zip\\.CRC32C"
              + "|java\\.nio\\.ByteBuffer|java\\.nio\\.charset\\.\\w+"
              + "|org\\.jspecify\\.annotations\\.\\w+);");

  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "java\\.util\\.(Random|SplittableRandom|UUID|Timer|Date|Calendar)\\b"
              + "|\\bSystem\\.|\\bThread\\b|Math\\.random|identityHashCode|parallelStream");

  @Test
  void onlyPureThingsAreImported() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(SOURCES)) {
      files = found.toList();
    }
    assertTrue(files.size() > 10, "the sources are at " + SOURCES.toAbsolutePath());
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        boolean isImport = line.startsWith("import ");
        assertTrue(!isImport || ALLOWED.matcher(line).matches(), file + " has " + line);
        String code = line.replace("System.arraycopy", "");
        assertEquals(false, FORBIDDEN.matcher(code).find(), file + " has " + line);
      }
    }
  }
}
