package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import java.util.List;

/** Namespaces are created, and never change or go. */
final class NamespaceRules {
  private final StateReader reader;
  private final StateWriter writer;

  NamespaceRules(StateReader reader, StateWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  Result create(Command.CreateNamespace command) {
    Result.Refused restoring = RestoreRule.underWay(reader);
    if (restoring != null) {
      return restoring;
    }
    Namespace wanted = command.namespace();
    try {
      wanted.validate();
    } catch (RatchetException e) {
      return refused(e.code(), String.valueOf(e.getMessage()));
    }
    List<Namespace> all = reader.namespaces();
    if (all.stream().anyMatch(known -> known.name().equals(wanted.name()))) {
      return refused(
          ErrorCode.NAMESPACE_EXISTS, "there is a namespace '" + wanted.name() + "' already");
    }
    if (all.size() >= Limits.MAX_NAMESPACES) {
      return refused(
          ErrorCode.INVALID_ARGUMENT,
          "the cluster has " + all.size() + " namespaces, which is the limit: share one by keys");
    }
    Meta meta = writer.meta();
    if (wanted.sectionCount() > Limits.MAX_SECTIONS - meta.sections()) {
      return refused(
          ErrorCode.INVALID_ARGUMENT,
          "namespace '"
              + wanted.name()
              + "' has "
              + wanted.sectionCount()
              + " sections and all others together "
              + meta.sections()
              + "; the limit of a cluster is "
              + Limits.MAX_SECTIONS
              + ": make the sections larger");
    }
    Namespace created = wanted.withId(meta.lastNamespace() + 1);
    writer.put(meta.withNamespace(created.id(), created.sectionCount()));
    writer.put(created);
    return new Result.NamespaceCreated(created, writer.changeRoutes(List.of()));
  }

  private static Result.Refused refused(ErrorCode code, String message) {
    return new Result.Refused(code, message, "");
  }
}
