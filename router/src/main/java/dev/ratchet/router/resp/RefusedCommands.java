package dev.ratchet.router.resp;

import java.util.Locale;
import java.util.Set;

/** Redis commands that would set, lower or delete a number, which is refused. Stateless. */
final class RefusedCommands {
  private static final Set<String> NAMES =
      Set.of(
          "APPEND",
          "COPY",
          "DECR",
          "DECRBY",
          "DEL",
          "EXPIRE",
          "EXPIREAT",
          "FLUSHALL",
          "FLUSHDB",
          "GETDEL",
          "GETEX",
          "GETSET",
          "INCRBYFLOAT",
          "MOVE",
          "MSET",
          "MSETNX",
          "PERSIST",
          "PEXPIRE",
          "PEXPIREAT",
          "PSETEX",
          "RENAME",
          "RENAMENX",
          "RESTORE",
          "SET",
          "SETBIT",
          "SETEX",
          "SETNX",
          "SETRANGE",
          "SWAPDB",
          "UNLINK");

  private RefusedCommands() {}

  /** Whether a command, in capitals, is one of them. */
  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static Reply refusal(String name) {
    return Reply.error(
        "ERR '"
            + name.toLowerCase(Locale.ROOT)
            + "' is refused: numbers only go up, and are never set, lowered or deleted;"
            + " use INCR key or INCRBY key count to take numbers, GET key to read the last one");
  }
}
