package dev.ratchet.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.measure.Pairs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Machine MACHINE =
      new Machine("a CPU", 2, "8 GB", "Linux 1", "0.10", "a JVM 17", "abc");

  @TempDir Path folder;

  private static Finding pairs(double ours, double goal) {
    return Finding.ofPairs(
        "depth 1",
        "commands/s",
        new Pairs(List.of(new Pairs.Pair(ours, 100_000))),
        Goal.atLeast(goal));
  }

  private static Report report(boolean quick, Finding... findings) {
    return new Report(
        Instant.parse("2026-01-02T03:04:05Z"),
        quick,
        MACHINE,
        List.of(new Report.RowResult(1, "one against another", List.of(findings))),
        List.of("redis-1: redis-server --port 1"));
  }

  @Test
  void oneGoalThatIsMissedIsEnoughToFail() {
    assertTrue(report(false, pairs(100_000, 1)).isGood());
    assertFalse(report(false, pairs(100_000, 1), pairs(90_000, 1)).isGood());
  }

  @Test
  void theTableShowsRunsRatioAndVerdict() {
    String table = report(false, pairs(120_000, 1), pairs(90_000, 1).withNote("a note")).markdown();
    assertTrue(
        table.contains(
            "| 1 | depth 1 | commands/s | 120,000 | 100,000 | 1.20 (1.20 to 1.20) | ≥ 1 | yes |"),
        table);
    assertTrue(table.contains("| 0.90 (0.90 to 0.90) | ≥ 1 | **no** |"), table);
    assertTrue(table.contains("- depth 1: a note"), table);
    assertTrue(table.contains("- cpu: a CPU"), table);
    assertTrue(table.contains("redis-server --port 1"), table);
    assertFalse(table.contains("quick"), table);
  }

  @Test
  void aQuickRunSaysSo() {
    assertTrue(report(true, pairs(1, 1)).markdown().contains("A quick run"));
  }

  @Test
  void aFigureWithoutARivalStandsAlone() {
    Finding finding = Finding.ofFigure("an idle section", "bytes", 48, Goal.atMost(64));
    assertTrue(
        report(false, finding)
            .markdown()
            .contains("| 1 | an idle section | bytes |  |  | 48 | ≤ 64 | yes |"));
  }

  @Test
  void writesBothFilesUnderTheTime() throws Exception {
    Path table = report(false, pairs(100_000, 1)).write(folder.resolve("new"));
    assertEquals("20260102T030405Z.md", String.valueOf(table.getFileName()));
    String json = Files.readString(table.resolveSibling("20260102T030405Z.json"));
    assertTrue(json.contains("\"ratios\": ["), json);
    assertTrue(json.contains("\"good\": true"), json);
  }

  @Test
  void jsonIsEscapedAndNested() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "a \"b\" \\ \n");
    map.put("none", List.of());
    map.put("list", Arrays.asList(1, 2.5, true, null, Double.NaN));
    assertEquals(
        """
        {
          "text": "a \\"b\\" \\\\ \\u000a",
          "none": [],
          "list": [
            1,
            2.5,
            true,
            null,
            null
          ]
        }
        """,
        Json.text(map));
    assertThrows(IllegalArgumentException.class, () -> Json.text(new Object()));
  }
}
