package dev.ratchet.router.resp;

import dev.ratchet.proto.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The commands that take and read numbers. Stateless. */
final class KeyCommands {
  private static final String OUT_OF_RANGE = "ERR value is not an integer or out of range";

  private KeyCommands() {}

  static List<Command> all() {
    return List.of(
        Command.onKeys("incr", 2, true, 1, "Takes the next number of a key", KeyCommands::incr),
        Command.onKeys(
            "incrby",
            3,
            true,
            1,
            "Takes the next numbers of a key, and returns the last of them",
            call -> take(call, KeyReply.Form.LAST)),
        Command.onKeys("get", 2, false, 1, "The last number issued for a key", KeyCommands::get),
        Command.onKeys(
            "mget", -2, false, -1, "The last numbers issued for keys", KeyCommands::mget),
        Command.onKeys(
            "ratchet.next",
            3,
            true,
            1,
            "Takes numbers of a key: the first, the last, and the epoch",
            call -> take(call, KeyReply.Form.RANGE)),
        Command.onKeys(
            "ratchet.current",
            2,
            false,
            1,
            "The last number issued for a key, whether that is exact or an upper bound, and the"
                + " epoch",
            call -> ask(call, 1, new KeyReply(KeyReply.Form.BOUND, 0))));
  }

  private static Reply incr(Invocation call) {
    return ask(call, 1, new KeyReply(KeyReply.Form.LAST, 1));
  }

  private static Reply get(Invocation call) {
    return ask(call, 1, new KeyReply(KeyReply.Form.CURRENT, 0));
  }

  private static Reply mget(Invocation call) {
    List<KeyReply> parts = new ArrayList<>(call.size() - 1);
    for (int i = 1; i < call.size(); i++) {
      KeyReply part = new KeyReply(KeyReply.Form.CURRENT, 0);
      parts.add(part);
      ask(call, i, part);
    }
    return new KeysReply(parts);
  }

  private static Reply take(Invocation call, KeyReply.Form form) {
    OptionalLong count = integer(call.word(2));
    if (count.isEmpty()) {
      return Reply.error(OUT_OF_RANGE);
    }
    if (count.getAsLong() < 1) {
      return Reply.error(
          "ERR numbers only go up: the increment must be 1 to "
              + Limits.MAX_COUNT
              + ", is "
              + count.getAsLong());
    }
    if (count.getAsLong() > Limits.MAX_COUNT) {
      return Reply.error(
          "ERR one command takes at most "
              + Limits.MAX_COUNT
              + " numbers, this one asks for "
              + count.getAsLong()
              + "; send several");
    }
    return ask(call, 1, new KeyReply(form, (int) count.getAsLong()));
  }

  private static Reply ask(Invocation call, int keyWord, KeyReply reply) {
    call.lanes().add(KeyName.parse(call.word(keyWord)), reply, call.nowNanos());
    return reply;
  }

  /** A 64-bit integer as Redis reads it: no blank, no plus sign, no leading zero. */
  private static OptionalLong integer(byte[] word) {
    boolean negative = word.length > 0 && word[0] == '-';
    int from = negative ? 1 : 0;
    int digits = word.length - from;
    if (digits < 1 || digits > 19 || (word[from] == '0' && word.length > 1)) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = from; i < word.length; i++) {
      int digit = word[i] - '0';
      if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
        return OptionalLong.empty();
      }
      value = value * 10 - digit;
    }
    return negative
        ? OptionalLong.of(value)
        : value == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-value);
  }
}
