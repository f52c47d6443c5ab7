package dev.ratchet.proto.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.NamespaceKind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The published {@code .proto} files, as protoc understands them, say what the code does; and
 * protobuf's own encoder makes the same bytes from the same values.
 */
class PublishedSchemaTest {
  private static final long SEED = Long.getLong("ratchet.seed", System.nanoTime());
  private static final int MESSAGES = 300;

  private static final List<FileDescriptor> FILES = files();
  private static final Map<String, Descriptor> PUBLISHED = published();

  private static List<FileDescriptor> files() {
    try (InputStream in = PublishedSchemaTest.class.getResourceAsStream("/ratchet.desc")) {
      assertNotNull(in, "the build makes ratchet.desc with protoc");
      List<FileDescriptor> files = new ArrayList<>();
      for (FileDescriptorProto file : FileDescriptorSet.parseFrom(in).getFileList()) {
        files.add(FileDescriptor.buildFrom(file, files.toArray(FileDescriptor[]::new)));
      }
      return files;
    } catch (IOException | DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Descriptor> published() {
    return FILES.stream()
        .flatMap(file -> file.getMessageTypes().stream())
        .collect(Collectors.toMap(Descriptor::getName, d -> d, (a, b) -> a, TreeMap::new));
  }

  static Stream<Class<? extends Record>> messages() {
    return Messages.all().stream();
  }

  @Test
  void everyMessageIsPublishedAndNoOther() {
    assertEquals(
        messages().map(Class::getSimpleName).sorted().toList(), List.copyOf(PUBLISHED.keySet()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void fieldsAreAsPublished(Class<? extends Record> type) {
    List<String> published =
        descriptor(type).getFields().stream().map(PublishedSchemaTest::declaration).toList();
    assertEquals(published, Messages.schema(type).declarations());
  }

  private static String declaration(FieldDescriptor field) {
    String type =
        field.getType() == FieldDescriptor.Type.MESSAGE
            ? field.getMessageType().getName()
            : field.getType().name().toLowerCase(Locale.ROOT);
    return (field.isRepeated() ? "repeated " : "")
        + type
        + " "
        + field.getName()
        + " = "
        + field.getNumber();
  }

  @Test
  void enumsAreAsPublished() {
    assertEquals(
        Arrays.stream(ErrorCode.values()).map(code -> code + " = " + code.number()).toList(),
        values("ErrorCode", ""));
    assertEquals(
        Arrays.stream(NamespaceKind.values()).map(kind -> kind + " = " + kind.number()).toList(),
        values("NamespaceKind", "NAMESPACE_KIND_"));
  }

  private static List<String> values(String name, String prefix) {
    EnumDescriptor found =
        FILES.stream()
            .flatMap(file -> file.getEnumTypes().stream())
            .filter(type -> type.getName().equals(name))
            .findFirst()
            .orElseThrow();
    List<EnumValueDescriptor> values = found.getValues();
    return values.stream()
        .filter(value -> value.getNumber() != 0)
        .map(value -> value.getName().substring(prefix.length()) + " = " + value.getNumber())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void protobufMakesTheSameBytesAndReadsOurs(Class<? extends Record> type)
      throws InvalidProtocolBufferException {
    interoperates(type);
  }

  private static <T extends Record> void interoperates(Class<T> type)
      throws InvalidProtocolBufferException {
    Random random = new Random(SEED);
    MessageSchema<T> schema = Messages.schema(type);
    for (int i = 0; i < MESSAGES; i++) {
      T message = Messages.random(type, random);
      byte[] ours = schema.encode(message);
      DynamicMessage theirs = dynamic(message);
      String hint = "-Dratchet.seed=" + SEED + " " + message;
      assertArrayEquals(theirs.toByteArray(), ours, hint);
      assertEquals(theirs, DynamicMessage.parseFrom(descriptor(type), ours), hint);
      assertArrayEquals(ours, schema.encode(schema.decode(theirs.toByteArray())), hint);
    }
  }

  private static Descriptor descriptor(Class<? extends Record> type) {
    Descriptor found = PUBLISHED.get(type.getSimpleName());
    assertNotNull(found, () -> type.getSimpleName() + " is in no .proto file");
    return found;
  }

  /** The message as protobuf's runtime holds it: fields found by their published names. */
  private static DynamicMessage dynamic(Record message) {
    Descriptor descriptor = descriptor(message.getClass());
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(descriptor);
    for (RecordComponent component : message.getClass().getRecordComponents()) {
      String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      FieldDescriptor field = descriptor.findFieldByName(name);
      Object value = Messages.get(message, component);
      if (value instanceof List<?> list) {
        list.forEach(element -> builder.addRepeatedField(field, dynamic((Record) element)));
      } else if (value instanceof byte[] bytes) {
        builder.setField(field, ByteString.copyFrom(bytes));
      } else if (value instanceof NamespaceKind kind) {
        builder.setField(field, kind.number());
      } else {
        builder.setField(field, value);
      }
    }
    return builder.build();
  }
}
