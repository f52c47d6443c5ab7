package dev.ratchet.proto.message;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Namespaces: the one created, or all.
 *
 * @param namespaces the namespaces
 */
public record NamespaceReply(List<Namespace> namespaces) {
  public static final MessageSchema<NamespaceReply> SCHEMA =
      MessageSchema.of(NamespaceReply.class)
          .list(1, "namespaces", Namespace.SCHEMA, NamespaceReply::namespaces)
          .build(v -> new NamespaceReply(v.list(1)));
}
