package dev.ratchet.cli.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The messages of a log, one a line, {@code source target time}, in the log's order. Immutable.
 *
 * @param targets each target once, in order of its first message
 * @param messages for each message, the index of its target
 */
public record MessageLog(List<String> targets, List<Integer> messages) {
  /** Longest line that is read. */
  static final int MAX_LINE_CHARS = 4_096;

  private static final int GZIP_MAGIC = 0x1F8B;

  /**
   * Reads a whole log, gzipped or plain, before anything is done with it. Empty lines, lines that
   * start with {@code #} or {@code %}, and a first line that is a header are skipped.
   *
   * @throws CliException that names the line when one is malformed
   */
  public static MessageLog read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CliException(ExitCode.USAGE, file + ": there is no such file");
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        InputStream plain = isGzip(raw) ? new GZIPInputStream(raw) : raw;
        BufferedReader lines = new BufferedReader(new InputStreamReader(plain, UTF_8))) {
      return new Parser(file).parse(lines);
    } catch (ZipException | java.io.EOFException | MalformedInputException e) {
      throw new CliException(
          ExitCode.FAILED, file + ": the compressed data is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new CliException(ExitCode.FAILED, file + ": can't be read: " + e, e);
    }
  }

  private static boolean isGzip(InputStream in) throws IOException {
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    return magic == GZIP_MAGIC;
  }

  /** One pass over the lines. */
  private static final class Parser {
    private final Path file;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<String> targets = new ArrayList<>();
    private final List<Integer> messages = new ArrayList<>();
    private int line;

    Parser(Path file) {
      this.file = file;
    }

    MessageLog parse(BufferedReader lines) throws IOException {
      boolean first = true;
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        line++;
        String content = text.strip();
        if (content.isEmpty() || content.startsWith("#") || content.startsWith("%")) {
          continue;
        }
        if (!(first && isHeader(content))) {
          add(content);
        }
        first = false;
      }
      if (messages.isEmpty()) {
        throw new CliException(ExitCode.FAILED, file + ": there are no messages in it");
      }
      return new MessageLog(List.copyOf(targets), List.copyOf(messages));
    }

    private static boolean isHeader(String content) {
      return content.chars().noneMatch(c -> c >= '0' && c <= '9');
    }

    private void add(String content) {
      if (content.length() > MAX_LINE_CHARS) {
        throw malformed("longer than " + MAX_LINE_CHARS + " characters");
      }
      String[] words = content.split("[\\s,]+", -1);
      if (words.length != 3) {
        throw malformed("'" + content + "' has " + words.length + " fields");
      }
      if (!words[2].matches("-?\\d+(\\.\\d+)?")) {
        throw malformed("the time '" + words[2] + "' is no number");
      }
      messages.add(
          indexes.computeIfAbsent(
              words[1],
              target -> {
                targets.add(target);
                return targets.size() - 1;
              }));
    }

    private CliException malformed(String why) {
      return new CliException(
          ExitCode.FAILED,
          file
              + ":"
              + line
              + ": "
              + why
              + "; a line is 'source target time'. Nothing was replayed.");
    }
  }
}
