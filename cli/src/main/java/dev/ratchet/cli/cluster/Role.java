package dev.ratchet.cli.cluster;

import java.util.Locale;

/** What a node of a cluster is; in the order in which they start. */
enum Role {
  STORE("raft"),
  ALLOC(""),
  ROUTER("resp");

  private final String second;

  Role(String second) {
    this.second = second;
  }

  /** The name of the role's second address, empty if it has none. */
  String second() {
    return second;
  }

  /** As it is written: the command that runs such a node, and the start of its name. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
