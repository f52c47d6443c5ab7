package dev.ratchet.cli.config;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The fields of one YAML mapping. Each read names a field and what it allows; what does not fit is
 * noted in the {@link Problems} and a stand-in returned, so that one pass finds every problem.
 * {@link #finish} then notes the fields that nobody read. Not thread-safe.
 */
public final class Fields {
  /** Largest file that is read. */
  private static final long MAX_FILE_BYTES = 1 << 20;

  /** Stands in for an address that is wrong. */
  private static final HostPort UNKNOWN = new HostPort("unknown", 1);

  private static final String NAME_RULE = "1 to 64 of A-Z a-z 0-9 . _ -";

  private final Problems problems;
  private final String prefix;
  private final Map<?, ?> values;
  private final Set<String> known = new TreeSet<>();
  private final List<Fields> nested = new ArrayList<>();

  private Fields(Problems problems, String prefix, Map<?, ?> values) {
    this.problems = problems;
    this.prefix = prefix;
    this.values = values;
  }

  /** Reads a file; one that can't be read is a problem, and has no fields. */
  public static Fields of(Path file, Problems problems) {
    return new Fields(problems, "", load(file, problems));
  }

  private static Map<?, ?> load(Path file, Problems problems) {
    try {
      if (!Files.isRegularFile(file)) {
        problems.add("there is no such file; conf/ has samples to start from");
        return Map.of();
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        problems.add("the file is larger than " + MAX_FILE_BYTES + " bytes");
        return Map.of();
      }
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      Object loaded = new Load(settings).loadFromString(Files.readString(file));
      if (loaded instanceof Map<?, ?> map) {
        return map;
      }
      problems.add("the file must be a YAML mapping of field: value");
    } catch (MarkedYamlEngineException e) {
      problems.add("no valid YAML: " + describe(e));
    } catch (YamlEngineException e) {
      problems.add("no valid YAML: it can't be parsed (" + e.getClass().getSimpleName() + ")");
    } catch (IOException e) {
      problems.add("can't be read: " + e);
    }
    return Map.of();
  }

  /** Without the lines around the place, which may hold secrets. */
  private static String describe(MarkedYamlEngineException e) {
    return e.getProblem()
        + e.getProblemMark()
            .map(mark -> " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
            .orElse("");
  }

  /** A required text. */
  public String text(String field) {
    Object value = required(field, "a text");
    return value == null ? "" : text(field, value);
  }

  /** A text that may be left out. */
  public String text(String field, String otherwise) {
    Object value = optional(field);
    return value == null ? otherwise : text(field, value);
  }

  private String text(String field, Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    wrong(field, value, "a text that is not empty");
    return "";
  }

  /** A secret that may be left out, then empty; unlike other values it is never shown. */
  public String secret(String field) {
    Object value = optional(field);
    if (value == null) {
      return "";
    }
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    problems.add(prefix + field, "its value is not allowed (a text in quotes that is not empty)");
    return "";
  }

  /** A required name of a node, zone or cluster. */
  public String name(String field) {
    Object value = required(field, "a name, " + NAME_RULE);
    if (value == null) {
      return "";
    }
    if (value instanceof String text && text.matches("[A-Za-z0-9._-]{1,64}")) {
      return text;
    }
    wrong(field, value, "a name, " + NAME_RULE);
    return "";
  }

  /** A whole number, not negative, that may be left out; the part it belongs to bounds it. */
  public int integer(String field, int otherwise) {
    Object value = optional(field);
    return value == null ? otherwise : integer(field, value, otherwise, 0, Integer.MAX_VALUE);
  }

  /** {@code true} or {@code false}, that may be left out. */
  public boolean flag(String field, boolean otherwise) {
    Object value = optional(field);
    if (value == null || value instanceof Boolean) {
      return value == null ? otherwise : (Boolean) value;
    }
    wrong(field, value, "true or false");
    return otherwise;
  }

  /** A required whole number from {@code min} to {@code max}. */
  public int integer(String field, int min, int max) {
    Object value = required(field, whole(min, max));
    return value == null ? min : integer(field, value, min, min, max);
  }

  private int integer(String field, Object value, int otherwise, int min, int max) {
    if (value instanceof Integer number && number >= min && number <= max) {
      return number;
    }
    wrong(field, value, whole(min, max));
    return otherwise;
  }

  private static String whole(int min, int max) {
    return max == Integer.MAX_VALUE
        ? "a whole number, " + min + " or more"
        : "a whole number from " + min + " to " + max;
  }

  /** A size in bytes, not negative, that may be left out; the part it belongs to bounds it. */
  public long bytes(String field, long otherwise) {
    Object value = optional(field);
    if (value == null) {
      return otherwise;
    }
    long bytes =
        value instanceof Integer || value instanceof Long ? ((Number) value).longValue() : -1;
    if (bytes < 0) {
      wrong(field, value, "a whole number of bytes");
      return otherwise;
    }
    return bytes;
  }

  /** A required path; relative ones start at the working directory. */
  public Path path(String field) {
    String text = text(field);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      wrong(field, text, "a path");
      return Path.of("");
    }
  }

  /** A required {@code HOST:PORT}. */
  public HostPort address(String field) {
    Object value = required(field, "HOST:PORT");
    return value == null ? UNKNOWN : address(field, value);
  }

  private HostPort address(String field, Object value) {
    HostPort address = value instanceof String text ? parse(text) : null;
    if (address == null) {
      wrong(field, value, "HOST:PORT with a port from 1 to 65535");
      return UNKNOWN;
    }
    return address;
  }

  private static @Nullable HostPort parse(String text) {
    try {
      HostPort address = HostPort.parse(text.strip());
      return address.port() > 0 ? address : null;
    } catch (IllegalArgumentException e) {
      // The caller says what is allowed, in the words of the file.
      return null;
    }
  }

  /** A required list of at least one {@code HOST:PORT}. */
  public List<HostPort> addresses(String field) {
    List<HostPort> addresses = new ArrayList<>();
    int index = 0;
    for (Object value : list(field, "a list of HOST:PORT")) {
      addresses.add(address(field + "[" + index++ + "]", value));
    }
    return addresses;
  }

  /** A required list of at least one mapping. */
  public List<Fields> mappings(String field) {
    List<Fields> mappings = new ArrayList<>();
    int index = 0;
    for (Object value : list(field, "a list of mappings")) {
      String name = field + "[" + index++ + "]";
      if (value instanceof Map<?, ?> map) {
        mappings.add(nest(name, map));
      } else {
        wrong(name, value, "a mapping");
      }
    }
    return mappings;
  }

  private List<?> list(String field, String allowed) {
    Object value = required(field, allowed);
    if (value instanceof List<?> list && !list.isEmpty()) {
      return list;
    }
    if (value != null) {
      wrong(field, value, allowed + ", at least one");
    }
    return List.of();
  }

  /** A mapping that may be left out: then all its fields are left out. */
  public Fields mapping(String field) {
    Object value = optional(field);
    if (value != null && !(value instanceof Map)) {
      wrong(field, value, "a mapping");
    }
    return nest(field, value instanceof Map<?, ?> map ? map : Map.of());
  }

  private Fields nest(String field, Map<?, ?> map) {
    Fields fields = new Fields(problems, prefix + field + ".", map);
    nested.add(fields);
    return fields;
  }

  /** Notes every field of this mapping and those in it that was never asked for. */
  public void finish() {
    for (Object key : values.keySet()) {
      if (!(key instanceof String name && known.contains(name))) {
        problems.add(prefix + key, "no such field (known here: " + String.join(", ", known) + ")");
      }
    }
    nested.forEach(Fields::finish);
  }

  /** Every field asked for, with the path to it; list elements without their index. */
  public Set<String> known() {
    Set<String> all = new TreeSet<>();
    known.forEach(name -> all.add((prefix + name).replaceAll("\\[\\d+\\]", "")));
    nested.forEach(fields -> all.addAll(fields.known()));
    return all;
  }

  private @Nullable Object optional(String field) {
    known.add(field);
    return values.get(field);
  }

  private @Nullable Object required(String field, String allowed) {
    Object value = optional(field);
    if (value == null) {
      problems.add(prefix + field, "is missing (" + allowed + ")");
    }
    return value;
  }

  private void wrong(String field, Object value, String allowed) {
    problems.add(prefix + field, "'" + value + "' is not allowed (" + allowed + ")");
  }
}
