package dev.ratchet.bench.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers and truth values as JSON, two blanks a level. */
final class Json {
  private static final int FIRST_PRINTABLE = 0x20;

  private final StringBuilder text = new StringBuilder();

  private Json() {}

  /**
   * The text of a value.
   *
   * @throws IllegalArgumentException when something in it has no form in JSON
   */
  static String text(Object value) {
    Json json = new Json();
    json.write(value, "\n");
    return json.text.append('\n').toString();
  }

  private void write(@Nullable Object value, String newLine) {
    if (value instanceof Map<?, ?> map) {
      writeMap(map, newLine);
    } else if (value instanceof List<?> list) {
      writeList(list, newLine);
    } else if (value instanceof String string) {
      quote(string);
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      text.append("null");
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else {
      throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private void writeMap(Map<?, ?> map, String newLine) {
    String inner = newLine + "  ";
    String separator = "{" + inner;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator);
      quote(String.valueOf(entry.getKey()));
      text.append(": ");
      write(entry.getValue(), inner);
      separator = "," + inner;
    }
    text.append(map.isEmpty() ? "{}" : newLine + "}");
  }

  private void writeList(List<?> list, String newLine) {
    String inner = newLine + "  ";
    String separator = "[" + inner;
    for (Object element : list) {
      text.append(separator);
      write(element, inner);
      separator = "," + inner;
    }
    text.append(list.isEmpty() ? "[]" : newLine + "]");
  }

  private void quote(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < FIRST_PRINTABLE) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
