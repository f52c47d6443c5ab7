package dev.ratchet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  @Test
  void scriptsCanTellDefiniteFromUnknown() {
    for (ErrorCode code : ErrorCode.values()) {
      ExitCode exit = ExitCode.of(code);
      assertEquals(!code.isDefinite(), exit == ExitCode.UNKNOWN, code.name());
      assertEquals(
          code.isDefinite() && code.isRetryable(), exit == ExitCode.UNAVAILABLE, code.name());
    }
  }

  @Test
  void anErrorIsOneLineWithoutATrace() {
    StringWriter out = new StringWriter();
    ExitCode exit =
        Failures.report(
            new CompletionException(new RatchetException(ErrorCode.TIMEOUT, "no answer from x:1")),
            false,
            new PrintWriter(out));
    assertEquals(ExitCode.UNKNOWN, exit);
    assertEquals(1, out.toString().lines().count(), out::toString);
    assertTrue(out.toString().startsWith("ratchet: no answer from x:1 [TIMEOUT"), out::toString);
  }

  @Test
  void tracesComeWhenAskedFor() {
    StringWriter out = new StringWriter();
    ExitCode exit = Failures.report(new IllegalStateException("odd"), true, new PrintWriter(out));
    assertEquals(ExitCode.FAILED, exit);
    assertTrue(out.toString().contains("at dev.ratchet.cli.ExitCodeTest"), out::toString);
  }
}
