package dev.ratchet.alloc.window;

import dev.ratchet.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Hears the outcomes of calls, each written as its name and first number or error. */
final class Answers {
  final List<String> heard = new ArrayList<>();

  WaitingCall call(String name, long key, int count) {
    return call(name, key, count, Long.MAX_VALUE);
  }

  WaitingCall call(String name, long key, int count, long deadline) {
    return new WaitingCall(
        key,
        count,
        deadline,
        new WaitingCall.Answer() {
          @Override
          public void taken(long first) {
            heard.add(name + first);
          }

          @Override
          public void refused(ErrorCode code, String message) {
            heard.add(name + code);
          }
        });
  }
}
