package dev.ratchet.router.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds and runs commands by name. Immutable and thread-safe. */
final class Commands {
  /** Bytes of an unknown command and of its arguments that are told back. */
  private static final int MAX_ECHO = 128;

  private final Map<String, Command> table = new HashMap<>();
  private final ServerFacts facts;

  Commands(ServerFacts facts) {
    this.facts = facts;
    List<Command> all = new ArrayList<>(KeyCommands.all());
    all.addAll(new ConnectionCommands(facts).all());
    all.addAll(new ServerCommands(facts, table).all());
    all.forEach(command -> table.put(command.name().toUpperCase(Locale.ROOT), command));
  }

  /** Runs a command: its reply, which may become ready later. */
  Reply run(List<byte[]> words, ClientState client, KeyLanes lanes) {
    Invocation call = new Invocation(words, client, lanes, facts.clock().nanos());
    String name = call.keyword(0);
    Command command = table.get(name);
    if (command == null) {
      return unknown(name, call);
    }
    return command.accepts(words.size()) ? command.body().run(call) : wrongArity(command.name());
  }

  private static Reply unknown(String name, Invocation call) {
    if (RefusedCommands.has(name)) {
      return RefusedCommands.refusal(name);
    }
    if (name.equals("POST") || name.equals("HOST:")) {
      // A browser was led here; what follows may be a command hidden in its request.
      return Reply.last(out -> out.error("ERR this is no HTTP port"));
    }
    StringBuilder arguments = new StringBuilder();
    for (int i = 1; i < call.size() && arguments.length() < MAX_ECHO; i++) {
      arguments.append('\'').append(cut(call.word(i), MAX_ECHO - arguments.length())).append("' ");
    }
    return Reply.error(
        "ERR unknown command '"
            + cut(call.word(0), MAX_ECHO)
            + "', with args beginning with: "
            + arguments);
  }

  private static String cut(byte[] word, int max) {
    return new String(word, 0, Math.min(word.length, max), StandardCharsets.ISO_8859_1);
  }

  static Reply wrongArity(String command) {
    return Reply.error("ERR wrong number of arguments for '" + command + "' command");
  }
}
