package dev.ratchet.proto.wire;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import io.protostuff.LinkedBuffer;
import io.protostuff.ProtobufException;
import io.protostuff.ProtobufIOUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * The explicit schema of one immutable message: tags, names, types, and how a decoded message is
 * built. Bytes are in the protobuf wire format, proto3 rules: a field with its default value is not
 * written, an unknown field is skipped. Protostuff does the encoding; no class is ever named on the
 * wire. Immutable and thread-safe.
 */
public final class MessageSchema<T> {
  private static final ThreadLocal<LinkedBuffer> BUFFER =
      ThreadLocal.withInitial(() -> LinkedBuffer.allocate(1024));

  private final String name;
  private final List<Field<T>> fields;
  private final Adapters.Writer<T> writer;
  private final Adapters.Reader reader;
  private final Function<Values, T> constructor;

  private MessageSchema(Class<T> type, List<Field<T>> fields, Function<Values, T> constructor) {
    this.name = type.getSimpleName();
    this.fields = List.copyOf(fields);
    this.constructor = constructor;
    this.writer = new Adapters.Writer<>(type, this.fields);
    this.reader = new Adapters.Reader(name, this.fields);
  }

  /** Starts the schema of a message; the class's simple name is its name on paper. */
  public static <T> Builder<T> of(Class<T> type) {
    return new Builder<>(type);
  }

  /** The message's name in the published {@code .proto} file. */
  public String name() {
    return name;
  }

  /** The fields, as the {@code .proto} file declares them: {@code repeated uint32 name = 1}. */
  public List<String> declarations() {
    return fields.stream().map(Field::declaration).toList();
  }

  /** The message's bytes. */
  public byte[] encode(T message) {
    LinkedBuffer buffer = BUFFER.get();
    try {
      return ProtobufIOUtil.toByteArray(message, writer, buffer);
    } finally {
      buffer.clear();
    }
  }

  /**
   * The message of these bytes.
   *
   * @throws RatchetException {@link ErrorCode#PROTOCOL_ERROR} when they are not one
   */
  public T decode(byte[] bytes) {
    Values values = new Values(reader.highestTag());
    try {
      WireShape.check(bytes, reader);
      ProtobufIOUtil.mergeFrom(bytes, values, reader);
      return constructor.apply(values);
    } catch (RuntimeException e) {
      // Whatever the bytes made Protostuff or the message's own checks throw.
      String why =
          e.getCause() instanceof ProtobufException cause ? cause.getMessage() : e.getMessage();
      throw new RatchetException(
          ErrorCode.PROTOCOL_ERROR, "bytes that are no " + name + " message: " + why);
    }
  }

  Adapters.Writer<T> writer() {
    return writer;
  }

  Adapters.Reader reader() {
    return reader;
  }

  T construct(Values values) {
    return constructor.apply(values);
  }

  /** Collects the fields of a schema, in order of their tags. */
  public static final class Builder<T> {
    private final Class<T> type;
    private final List<Field<T>> fields = new ArrayList<>();

    private Builder(Class<T> type) {
      this.type = type;
    }

    /** A 32-bit count or index, varint. */
    public Builder<T> uint32(int tag, String field, ToIntFunction<T> get) {
      fields.add(Field.uint32(tag, field, get));
      return this;
    }

    /** A 64-bit number, varint; negative ones take ten bytes. */
    public Builder<T> uint64(int tag, String field, ToLongFunction<T> get) {
      fields.add(Field.varint(tag, field, "uint64", get));
      return this;
    }

    /** A 64-bit number in eight bytes, for hashes and random ids. */
    public Builder<T> fixed64(int tag, String field, ToLongFunction<T> get) {
      fields.add(Field.fixed64(tag, field, get));
      return this;
    }

    /** A flag. */
    public Builder<T> bool(int tag, String field, Function<T, Boolean> get) {
      fields.add(Field.varint(tag, field, "bool", message -> get.apply(message) ? 1 : 0));
      return this;
    }

    /** UTF-8 text. */
    public Builder<T> string(int tag, String field, Function<T, String> get) {
      fields.add(Field.string(tag, field, get));
      return this;
    }

    /** Raw bytes. */
    public Builder<T> bytes(int tag, String field, Function<T, byte[]> get) {
      fields.add(Field.bytes(tag, field, get));
      return this;
    }

    /** A list of messages, in order. */
    public <E> Builder<T> list(
        int tag, String field, MessageSchema<E> schema, Function<T, List<E>> get) {
      fields.add(Field.list(tag, field, schema, get));
      return this;
    }

    /** Completes the schema with what builds a message from its decoded values. */
    public MessageSchema<T> build(Function<Values, T> constructor) {
      return new MessageSchema<>(type, fields, constructor);
    }
  }
}
