package dev.ratchet.proto.wire;

import io.protostuff.Input;
import io.protostuff.Output;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** One field of a message: how it is declared, written and read. */
record Field<T>(int tag, String name, String type, Write<T> write, Read read) {

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

  static <T> Field<T> varint(int tag, String name, String type, ToLongFunction<T> get) {
    return new Field<>(
        tag,
        name,
        type,
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
        (output, message) -> {
          String value = get.apply(message);
          if (!value.isEmpty()) {
            output.writeString(tag, value, false);
          }
        },
        (input, values) -> values.set(tag, input.readString()));
  }

  static <T> Field<T> bytes(int tag, String name, Function<T, byte[]> get) {
    return new Field<>(
        tag,
        name,
        "bytes",
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
