package dev.ratchet.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {
  private final StringWriter said = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setErr(new PrintWriter(said));
    line.setOut(new PrintWriter(said));
    return line.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rows 99 | there is no row 99; there are 1, 2, 3",
        "--rows 1,x | 'x' is not an int",
        "--row 1 | Unknown options: '--row'",
        "--out | Missing required parameter",
      })
  void wrongArgumentsAreRefusedBeforeAnythingStarts(String arguments, String why) {
    assertEquals(2, run(("bench " + arguments).split(" ", -1)));
    assertTrue(said.toString().contains(why), said::toString);
  }

  @Test
  void helpShowsAnExample() {
    assertEquals(0, run("bench", "--help"));
    assertTrue(said.toString().contains("Example: ./ratchet bench"), said::toString);
  }
}
