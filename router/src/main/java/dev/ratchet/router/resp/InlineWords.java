package dev.ratchet.router.resp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a command written as a line into words, by Redis's rules: words are parted by blanks;
 * {@code "…"} may hold blanks and the escapes {@code \n \r \t \b \a \\ \" \xHH}; {@code '…'} may
 * hold blanks and {@code \'}. Used once, by one thread.
 */
final class InlineWords {
  private final byte[] line;
  private int at;

  private InlineWords(byte[] line) {
    this.line = line;
  }

  /** The words of a line, or null if a quote is not closed or not followed by a blank. */
  static @Nullable List<byte[]> split(byte[] line) {
    return new InlineWords(line).split();
  }

  private @Nullable List<byte[]> split() {
    List<byte[]> words = new ArrayList<>();
    while (true) {
      while (at < line.length && isBlank(line[at])) {
        at++;
      }
      if (at == line.length) {
        return words;
      }
      byte[] word = readWord();
      if (word == null || words.size() == RespLimits.MAX_ARGS) {
        return null;
      }
      words.add(word);
    }
  }

  private byte @Nullable [] readWord() {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (at < line.length && !isBlank(line[at])) {
      byte next = line[at++];
      boolean closed =
          switch (next) {
            case '"' -> readDoubleQuoted(word);
            case '\'' -> readSingleQuoted(word);
            default -> {
              word.write(next);
              yield true;
            }
          };
      if (!closed) {
        return null;
      }
    }
    return word.toByteArray();
  }

  private boolean readDoubleQuoted(ByteArrayOutputStream word) {
    while (at < line.length) {
      byte next = line[at++];
      if (next == '"') {
        return at == line.length || isBlank(line[at]);
      }
      word.write(next == '\\' && at < line.length ? readEscape() : next);
    }
    return false;
  }

  private int readEscape() {
    byte escaped = line[at++];
    if (escaped == 'x' && at + 1 < line.length) {
      int high = Character.digit(line[at], 16);
      int low = Character.digit(line[at + 1], 16);
      if (high >= 0 && low >= 0) {
        at += 2;
        return high << 4 | low;
      }
    }
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> escaped;
    };
  }

  private boolean readSingleQuoted(ByteArrayOutputStream word) {
    while (at < line.length) {
      byte next = line[at++];
      if (next == '\'') {
        return at == line.length || isBlank(line[at]);
      }
      if (next == '\\' && at < line.length && line[at] == '\'') {
        at++;
        word.write('\'');
      } else {
        word.write(next);
      }
    }
    return false;
  }

  private static boolean isBlank(byte value) {
    return value == ' ' || (value >= '\t' && value <= '\r') || value == 0;
  }
}
