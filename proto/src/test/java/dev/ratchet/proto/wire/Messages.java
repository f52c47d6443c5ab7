package dev.ratchet.proto.wire;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.NamespaceKind;
import dev.ratchet.proto.message.Hello;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Every message of the protocol, found by looking, and random ones of each. */
public final class Messages {
  private static final long[] EDGES = {
    0,
    1,
    -1,
    127,
    128,
    16_383,
    16_384,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFF_FFFFL,
    1L << 32,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private Messages() {}

  /** All records of the message package, and {@link Namespace}. */
  public static List<Class<? extends Record>> all() {
    Class<?> one = Hello.class;
    List<Class<? extends Record>> found = new ArrayList<>(List.of(Namespace.class));
    try {
      URI classes = one.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path folder = Path.of(classes).resolve(one.getPackageName().replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString().replace(".class", "");
          Class<?> type = Class.forName(one.getPackageName() + "." + name);
          if (type.isRecord()) {
            found.add(type.asSubclass(Record.class));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  /** The schema of a message type. */
  @SuppressWarnings("unchecked") // SCHEMA of a record is always of that record; a test checks it
  public static <T> MessageSchema<T> schema(Class<T> type) {
    try {
      return (MessageSchema<T>) type.getField("SCHEMA").get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no public SCHEMA", e);
    }
  }

  /** The value of one component. */
  public static Object get(Record message, RecordComponent component) {
    try {
      return component.getAccessor().invoke(message);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A message with random fields, edges among them. */
  public static <T extends Record> T random(Class<T> type, Random random) {
    if (type == Namespace.class) {
      return type.cast(namespace(random));
    }
    return make(type, component -> value(component.getGenericType(), random));
  }

  /** The message whose fields are all absent. */
  public static <T extends Record> T empty(Class<T> type) {
    return make(type, component -> none(component.getType()));
  }

  private interface Maker {
    Object make(RecordComponent component);
  }

  private static <T extends Record> T make(Class<T> type, Maker maker) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(components).map(maker::make).toArray();
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.toString(), e);
    }
  }

  private static Object none(Class<?> type) {
    if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == boolean.class) {
      return false;
    } else if (type == String.class) {
      return "";
    } else if (type == byte[].class) {
      return new byte[0];
    } else if (type == List.class) {
      return List.of();
    }
    throw new IllegalStateException("no message may have a field of " + type);
  }

  private static Object value(Type type, Random random) {
    if (type == int.class) {
      return (int) number(random);
    } else if (type == long.class) {
      return number(random);
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == String.class) {
      return text(random);
    } else if (type == byte[].class) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      return bytes;
    } else if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      Class<?> element = (Class<?>) list.getActualTypeArguments()[0];
      return random
          .ints(random.nextInt(4), 0, 1)
          .mapToObj(none -> (Object) random(element.asSubclass(Record.class), random))
          .toList();
    }
    throw new IllegalStateException("no message may have a field of " + type);
  }

  private static long number(Random random) {
    return random.nextBoolean()
        ? EDGES[random.nextInt(EDGES.length)]
        : random.nextLong() >> random.nextInt(64);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      int point = random.nextInt(1 << (7 + random.nextInt(14)));
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      text.appendCodePoint(surrogate || !Character.isValidCodePoint(point) ? 0xFFFD : point);
    }
    return text.toString();
  }

  private static Namespace namespace(Random random) {
    int id = random.nextInt(1 << 20);
    Namespace namespace =
        random.nextBoolean()
            ? Namespace.string("s" + id, 1 + random.nextInt(1_000), 1 + random.nextInt(1_000_000))
            : Namespace.uid("u-" + id, random.nextInt(), 1 << 22, 1 + random.nextInt(1_000_000));
    return namespace.kind() == NamespaceKind.UID && namespace.maxUid() < 0
        ? Namespace.uid("u." + id)
        : namespace.withId(id);
  }
}
