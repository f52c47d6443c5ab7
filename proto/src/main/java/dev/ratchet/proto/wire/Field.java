package dev.ratchet.proto.wire;

import io.protostuff.Input;
import io.protostuff.Output;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One field of a message: how it is declared, laid out, written and read.
 *
 * @param wireType how the value is laid out, see {@link WireReader}
 * @param element what a list holds, null for a field that is no list
 */
record Field<T>(
    int tag,
    String name,
    String type,
    int wireType,
    Adapters.@Nullable Reader element,
    Write<T> write,
    Read read) {

  /** Writes the field of a message unless it has its default value. */
  interface Write<T> {
    void to(Output output, T message) throws IOException;
  }

  /** Reads the field's value from the input. */
  interface Read {
    void from(Input input, Values values) throws IOException;
  }

  String declaration() {
    return type + " " + name + " = " + tag;
  }

  /** Unsigned on the wire, as protobuf has it: a negative number takes five bytes, not ten. */
  static <T> Field<T> uint32(int tag, String name, ToIntFunction<T> get) {
    return varint(tag, name, "uint32", message -> Integer.toUnsignedLong(get.applyAsInt(message)));
  }

  static <T> Field<T> varint(int tag, String name, String type, ToLongFunction<T> get) {
    return new Field<>(
        tag,
        name,
        type,
        WireReader.VARINT,
        null,
        (output, message) -> {
          long value = get.applyAsLong(message);
          if (value != 0) {
            output.writeUInt64(tag, value, false);
          }
        },
        (input, values) -> values.set(tag, input.readUInt64()));
  }

  static <T> Field<T> fixed64(int tag, String name, ToLongFunction<T> get) {
    return new Field<>(
        tag,
        name,
        "fixed64",
        WireReader.FIXED64,
        null,
        (output, message) -> {
          long value = get.applyAsLong(message);
          if (value != 0) {
            output.writeFixed64(tag, value, false);
          }
        },
        (input, values) -> values.set(tag, input.readFixed64()));
  }

  static <T> Field<T> string(int tag, String name, Function<T, String> get) {
    return new Field<>(
        tag,
        name,
        "string",
        WireReader.LENGTH,
        null,
        (output, message) -> {
          String value = get.apply(message);
          if (!value.isEmpty()) {
            output.writeByteArray(tag, value.getBytes(StandardCharsets.UTF_8), false);
          }
        },
        (input, values) -> values.set(tag, text(name, input.readByteArray())));
  }

  private static String text(String field, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0
        && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new IllegalArgumentException("field " + field + " is not UTF-8");
    }
    return text;
  }

  static <T> Field<T> bytes(int tag, String name, Function<T, byte[]> get) {
    return new Field<>(
        tag,
        name,
        "bytes",
        WireReader.LENGTH,
        null,
        (output, message) -> {
          byte[] value = get.apply(message);
          if (value.length > 0) {
            output.writeByteArray(tag, value, false);
          }
        },
        (input, values) -> values.set(tag, input.readByteArray()));
  }

  static <T, E> Field<T> list(
      int tag, String name, MessageSchema<E> schema, Function<T, List<E>> get) {
    return new Field<>(
        tag,
        name,
        "repeated " + schema.name(),
        WireReader.LENGTH,
        schema.reader(),
        (output, message) -> {
          for (E element : get.apply(message)) {
            output.writeObject(tag, element, schema.writer(), true);
          }
        },
        (input, values) -> {
          Values element = new Values(schema.reader().highestTag());
          input.mergeObject(element, schema.reader());
          values.add(tag, schema.construct(element));
        });
  }
}
