package dev.ratchet.cli.call;

import dev.ratchet.cli.TextTable;
import dev.ratchet.proto.message.AllocStatus;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.StatusReply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The state of a cluster, for people and for programs. Pure. */
final class StatusReport {
  private StatusReport() {}

  /** Tables, as lines. */
  static List<String> text(StatusReply status) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "cluster "
            + status.cluster()
            + ", route version "
            + status.routeVersion()
            + ", sections "
            + status.sections()
            + ", unowned "
            + status.unowned()
            + ", moving "
            + status.moving());
    lines.add("");
    TextTable stores = new TextTable("STORE", "ZONE", "ROLE", "TERM", "APPLIED", "LAG", "ADDRESS");
    for (MemberStatus member : status.members()) {
      stores.row(
          member.node(),
          member.zone(),
          member.role(),
          member.term(),
          member.applied(),
          member.lag(),
          member.address());
    }
    lines.addAll(stores.lines());
    lines.add("");
    TextTable allocs =
        new TextTable("ALLOC", "ZONE", "STATE", "LEASE LEFT", "SECTIONS", "INCARNATION", "ADDRESS");
    for (AllocStatus alloc : status.allocs()) {
      allocs.row(
          alloc.node(),
          alloc.zone(),
          alloc.drained() ? "drained" : "serves",
          alloc.leaseLeftMillis() + " ms",
          alloc.sections(),
          alloc.incarnation(),
          alloc.address());
    }
    lines.addAll(allocs.lines());
    return lines;
  }

  /** One JSON object on one line; the names are those of the protocol's message. */
  static String json(StatusReply status) {
    return "{\"cluster\":"
        + quote(status.cluster())
        + ",\"route_version\":"
        + status.routeVersion()
        + ",\"sections\":"
        + status.sections()
        + ",\"unowned\":"
        + status.unowned()
        + ",\"moving\":"
        + status.moving()
        + ",\"members\":"
        + status.members().stream()
            .map(StatusReport::member)
            .collect(Collectors.joining(",", "[", "]"))
        + ",\"allocs\":"
        + status.allocs().stream()
            .map(StatusReport::alloc)
            .collect(Collectors.joining(",", "[", "]"))
        + "}";
  }

  private static String member(MemberStatus member) {
    return "{\"node\":"
        + quote(member.node())
        + ",\"zone\":"
        + quote(member.zone())
        + ",\"address\":"
        + quote(member.address())
        + ",\"role\":"
        + quote(member.role())
        + ",\"term\":"
        + member.term()
        + ",\"applied\":"
        + member.applied()
        + ",\"lag\":"
        + member.lag()
        + "}";
  }

  private static String alloc(AllocStatus alloc) {
    return "{\"node\":"
        + quote(alloc.node())
        + ",\"zone\":"
        + quote(alloc.zone())
        + ",\"address\":"
        + quote(alloc.address())
        + ",\"incarnation\":"
        + alloc.incarnation()
        + ",\"lease_left_millis\":"
        + alloc.leaseLeftMillis()
        + ",\"sections\":"
        + alloc.sections()
        + ",\"drained\":"
        + alloc.drained()
        + "}";
  }

  /** A JSON string. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
