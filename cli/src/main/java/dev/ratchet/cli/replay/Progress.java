package dev.ratchet.cli.replay;

import java.io.PrintStream;
import java.util.Locale;

/** Shows how far a run is: a bar on a terminal, else a line every tenth. One thread only. */
final class Progress {
  private static final int BAR = 40;
  private static final long FRAME_NANOS = 100_000_000;

  private final PrintStream out;
  private final boolean terminal;
  private final int total;
  private long lastFrame;
  private int lastTenth;

  Progress(PrintStream out, boolean terminal, int total) {
    this.out = out;
    this.terminal = terminal;
    this.total = total;
  }

  /** Shows the state if it is time to. */
  void show(int done) {
    if (!terminal) {
      showLine(done);
      return;
    }
    long now = System.nanoTime();
    if (now - lastFrame >= FRAME_NANOS) {
      lastFrame = now;
      showBar(done);
    }
  }

  /** Shows the last state. */
  void end(int done) {
    if (terminal) {
      showBar(done);
      out.println();
    } else {
      showLine(done);
    }
  }

  private void showBar(int done) {
    int filled = (int) ((long) done * BAR / total);
    out.printf(
        Locale.ROOT,
        "\r[%s%s] %3d %% %d/%d",
        "#".repeat(filled),
        "-".repeat(BAR - filled),
        (long) done * 100 / total,
        done,
        total);
    out.flush();
  }

  private void showLine(int done) {
    int tenth = (int) ((long) done * 10 / total);
    if (tenth > lastTenth) {
      lastTenth = tenth;
      out.println("replayed " + done + "/" + total);
    }
  }
}
