package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.HostPort;
import java.nio.charset.StandardCharsets;

/** Bounds of what commands hold: {@link ErrorCode#INVALID_ARGUMENT} for what is past them. */
final class Bounds {
  private Bounds() {}

  static void checkNamespace(Namespace namespace) {
    check(
        "bytes of the namespace's name",
        utf8Length(namespace.name()),
        0,
        Limits.MAX_NAMESPACE_NAME);
    check("section size", namespace.sectionSize(), 0, Long.MAX_VALUE);
    check("sections", namespace.sectionCount(), 0, Integer.MAX_VALUE);
    check("max uid", namespace.maxUid(), 0, Long.MAX_VALUE);
    check("step", namespace.step(), 0, Long.MAX_VALUE);
  }

  static void checkRestore(long id) {
    if (id == 0) {
      throw new RatchetException(ErrorCode.INVALID_ARGUMENT, "no restore has the id 0");
    }
  }

  static void checkAddress(HostPort address) {
    checkName("host", address.host());
    check("port", address.port(), 1, Command.MAX_PORT);
  }

  static void checkIncarnation(int incarnation) {
    check("incarnation", incarnation, 1, RouteTable.MAX_INCARNATION);
  }

  static void checkSection(int namespaceId, int section) {
    check("namespace id", namespaceId, 1, Integer.MAX_VALUE);
    check("section", section, 0, Limits.MAX_SECTIONS - 1);
  }

  static void checkName(String what, String text) {
    check("bytes of the " + what, utf8Length(text), 1, Command.MAX_NAME_BYTES);
  }

  /** A text with half a character (an unpaired surrogate) would not survive the log. */
  static int utf8Length(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new RatchetException(ErrorCode.INVALID_ARGUMENT, "the text '" + text + "' is broken");
    }
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static void check(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT,
          what + " is " + value + "; it must be within " + min + " to " + max);
    }
  }
}
