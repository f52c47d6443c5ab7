package dev.ratchet.proto.wire;

import io.protostuff.Input;
import io.protostuff.Output;
import io.protostuff.Schema;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two faces that Protostuff wants of a schema: one writes messages, the other reads into {@link
 * Values}.
 */
final class Adapters {
  private Adapters() {}

  /** What is common to both faces: names and nothing mutable. */
  abstract static class Face<M> implements Schema<M> {
    private final String name;

    Face(String name) {
      this.name = name;
    }

    @Override
    public @Nullable String getFieldName(int number) {
      return null;
    }

    @Override
    public int getFieldNumber(String field) {
      return 0;
    }

    @Override
    public boolean isInitialized(M message) {
      return true;
    }

    @Override
    public String messageName() {
      return name;
    }

    @Override
    public String messageFullName() {
      return "dev.ratchet." + name;
    }
  }

  /** Writes messages; never asked to read. */
  static final class Writer<T> extends Face<T> {
    private final Class<T> type;
    private final List<Field<T>> fields;

    Writer(Class<T> type, List<Field<T>> fields) {
      super(type.getSimpleName());
      this.type = type;
      this.fields = fields;
    }

    @Override
    public void writeTo(Output output, T message) throws IOException {
      for (Field<T> field : fields) {
        field.write().to(output, message);
      }
    }

    @Override
    public T newMessage() {
      throw new IllegalStateException(messageName() + ": this face only writes");
    }

    @Override
    public void mergeFrom(Input input, T message) {
      throw new IllegalStateException(messageName() + ": this face only writes");
    }

    @Override
    public Class<T> typeClass() {
      return type;
    }
  }

  /** Reads into values; never asked to write. */
  static final class Reader extends Face<Values> {
    private final @Nullable Field<?>[] byTag;

    Reader(String name, List<? extends Field<?>> fields) {
      super(name);
      int highest = fields.stream().mapToInt(Field::tag).max().orElse(0);
      byTag = new Field<?>[highest + 1];
      for (Field<?> field : fields) {
        if (byTag[field.tag()] != null) {
          throw new IllegalStateException(name + ": tag " + field.tag() + " is used twice");
        }
        byTag[field.tag()] = field;
      }
    }

    /** The field of a tag, null if this version has none. */
    @Nullable Field<?> field(int tag) {
      return tag < byTag.length ? byTag[tag] : null;
    }

    int highestTag() {
      return byTag.length - 1;
    }

    @Override
    public void mergeFrom(Input input, Values values) throws IOException {
      for (int tag = input.readFieldNumber(this); tag != 0; tag = input.readFieldNumber(this)) {
        Field<?> field = field(tag);
        if (field == null) {
          input.handleUnknownField(tag, this);
        } else {
          field.read().from(input, values);
        }
      }
    }

    @Override
    public void writeTo(Output output, Values values) {
      throw new IllegalStateException(messageName() + ": this face only reads");
    }

    @Override
    public Values newMessage() {
      return new Values(highestTag());
    }

    @Override
    public Class<Values> typeClass() {
      return Values.class;
    }
  }
}
