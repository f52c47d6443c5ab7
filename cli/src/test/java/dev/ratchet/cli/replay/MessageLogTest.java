package dev.ratchet.cli.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageLogTest {
  @TempDir private Path folder;

  private MessageLog read(String text) throws IOException {
    return MessageLog.read(Files.writeString(folder.resolve("log.txt"), text));
  }

  private String refusal(String text) {
    CliException refused = assertThrows(CliException.class, () -> read(text));
    return String.valueOf(refused.getMessage());
  }

  @Test
  void targetsAreInOrderOfTheirFirstMessage() throws IOException {
    MessageLog log = read("1 7 100\n2 9 101\n3 7 102\n");
    assertEquals(List.of("7", "9"), log.targets());
    assertEquals(List.of(0, 1, 0), log.messages());
  }

  @Test
  void headersCommentsEmptyLinesAndTabsAreFine() throws IOException {
    MessageLog log = read("source target time\n# c\n% c\n\n1\t7\t100\r\n  2  8  101.5  \n");
    assertEquals(List.of("7", "8"), log.targets());
  }

  @Test
  void malformedLinesAreNamedByTheirNumber() {
    assertTrue(refusal("1 2 3\n4 5\n").contains("log.txt:2: '4 5' has 2 fields"));
    assertTrue(refusal("# c\n1 2 3\n4 5 6 7\n").contains("log.txt:3: '4 5 6 7' has 4 fields"));
    assertTrue(refusal("1 2 3\n4 5 noon\n").contains("log.txt:2: the time 'noon' is no number"));
    assertTrue(refusal("1 2 3\nsource target time\n").contains("log.txt:2:"));
    assertTrue(refusal("1 " + "2".repeat(5_000) + " 3").contains("longer than 4096"));
    assertTrue(refusal("\n# nothing\n").contains("no messages"));
  }

  @Test
  void gzippedLogsAreKnownByTheirBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("1 7 100\n".getBytes(UTF_8));
    }
    Path whole = Files.write(folder.resolve("log.gz"), bytes.toByteArray());
    assertEquals(List.of("7"), MessageLog.read(whole).targets());
    byte[] half = java.util.Arrays.copyOf(bytes.toByteArray(), bytes.size() - 6);
    Path cut = Files.write(folder.resolve("cut.gz"), half);
    CliException refused = assertThrows(CliException.class, () -> MessageLog.read(cut));
    assertTrue(String.valueOf(refused.getMessage()).contains("damaged"));
  }

  @Test
  void theRealLogIsWhatItsDescriptionSays() {
    Path real =
        Path.of(System.getProperty("ratchet.home", ".."), "../shared/data/CollegeMsg.txt.gz");
    Assumptions.assumeTrue(
        Files.exists(real), "SKIPPED: no message log at " + real + "; see docs/testing.md");
    MessageLog log = MessageLog.read(real);
    assertEquals(59_835, log.messages().size());
    int busiest = 0;
    for (int target = 0; target < log.targets().size(); target++) {
      busiest = Math.max(busiest, Collections.frequency(log.messages(), target));
    }
    assertEquals(558, busiest);
  }
}
