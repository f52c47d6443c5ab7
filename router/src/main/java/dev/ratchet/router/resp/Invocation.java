package dev.ratchet.router.resp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One command on its way: its words, who sent it, and where its keys line up.
 *
 * @param words name and arguments
 * @param client who sent it
 * @param lanes of the connection
 * @param nowNanos when it came
 */
record Invocation(List<byte[]> words, ClientState client, KeyLanes lanes, long nowNanos) {
  /** Longest word that is compared with a known one. */
  private static final int MAX_SHORT_WORD = 64;

  int size() {
    return words.size();
  }

  byte[] word(int index) {
    return words.get(index);
  }

  /** A word as text. */
  String text(int index) {
    return new String(words.get(index), StandardCharsets.UTF_8);
  }

  /** A word in capitals, to be compared with known ones; long ones are cut. */
  String keyword(int index) {
    byte[] word = words.get(index);
    int length = Math.min(word.length, MAX_SHORT_WORD);
    return new String(word, 0, length, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }
}
