package dev.ratchet.router.resp;

import java.util.List;

/**
 * A command of the Redis port.
 *
 * @param name in lower case
 * @param arity words it has, its name included; -n for n or more
 * @param flags as {@code COMMAND INFO} tells them
 * @param firstKey position of its first key, 0 for none
 * @param lastKey position of its last key, -1 for the last word
 * @param summary what it does, for {@code COMMAND DOCS}
 * @param body carries it out
 */
record Command(
    String name,
    int arity,
    List<String> flags,
    int firstKey,
    int lastKey,
    String summary,
    Body body) {

  /** Carries out a command whose number of words is right. */
  @FunctionalInterface
  interface Body {
    Reply run(Invocation call);
  }

  /** A command about keys. */
  static Command onKeys(
      String name, int arity, boolean takes, int lastKey, String summary, Body body) {
    return new Command(
        name, arity, List.of(takes ? "write" : "readonly", "fast"), 1, lastKey, summary, body);
  }

  /** A command about the connection or the server. */
  static Command plain(String name, int arity, String summary, Body body) {
    return new Command(name, arity, List.of("fast"), 0, 0, summary, body);
  }

  boolean accepts(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }

  /** Its entry in {@code COMMAND INFO}. */
  void describe(RespWriter out) {
    out.array(6);
    out.bulk(name);
    out.integer(arity);
    out.array(flags.size());
    flags.forEach(out::simple);
    out.integer(firstKey);
    out.integer(lastKey);
    out.integer(firstKey == 0 ? 0 : 1);
  }

  /** Its entry in {@code COMMAND DOCS}. */
  void document(RespWriter out) {
    out.bulk(name);
    out.map(4);
    out.bulk("summary");
    out.bulk(summary);
    out.bulk("since");
    out.bulk("1.0.0");
    out.bulk("group");
    out.bulk(firstKey == 0 ? "connection" : "string");
    out.bulk("complexity");
    out.bulk(lastKey == -1 ? "O(N) for N keys" : "O(1)");
  }
}
