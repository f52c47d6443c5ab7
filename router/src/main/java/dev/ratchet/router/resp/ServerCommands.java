package dev.ratchet.router.resp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands about the server: what it is, and which commands it has. Thread-safe. */
final class ServerCommands {
  private final ServerFacts facts;
  private final Map<String, Command> table;

  /** {@code table}: all commands by name in capitals, these included. */
  ServerCommands(ServerFacts facts, Map<String, Command> table) {
    this.facts = facts;
    this.table = table;
  }

  List<Command> all() {
    return List.of(
        Command.plain(
            "info", -1, "About this router", call -> Reply.of(out -> out.bulk(facts.info()))),
        Command.plain("command", -1, "The commands there are", this::command),
        Command.plain("config", -2, "There is no setting to read", ServerCommands::config));
  }

  private Reply command(Invocation call) {
    if (call.size() == 1) {
      return describe(table.values());
    }
    return switch (call.keyword(1)) {
      case "COUNT" -> Reply.of(out -> out.integer(table.size()));
      case "LIST" -> list();
      case "INFO" -> call.size() == 2 ? describe(table.values()) : describe(named(call));
      case "DOCS" -> document(call.size() == 2 ? table.values() : named(call));
      default ->
          Reply.error(
              "ERR unknown subcommand '"
                  + call.keyword(1)
                  + "'. Try COMMAND, COMMAND COUNT, LIST, INFO or DOCS.");
    };
  }

  private List<@Nullable Command> named(Invocation call) {
    List<@Nullable Command> commands = new ArrayList<>();
    for (int i = 2; i < call.size(); i++) {
      commands.add(table.get(call.keyword(i)));
    }
    return commands;
  }

  private Reply list() {
    return Reply.of(
        out -> {
          out.array(table.size());
          table.values().forEach(command -> out.bulk(command.name()));
        });
  }

  private static Reply describe(Collection<? extends @Nullable Command> commands) {
    return Reply.of(
        out -> {
          out.array(commands.size());
          for (Command command : commands) {
            if (command == null) {
              out.nil();
            } else {
              command.describe(out);
            }
          }
        });
  }

  private static Reply document(Collection<? extends @Nullable Command> commands) {
    List<Command> known = new ArrayList<>();
    for (Command command : commands) {
      if (command != null) {
        known.add(command);
      }
    }
    return Reply.of(
        out -> {
          out.map(known.size());
          known.forEach(command -> command.document(out));
        });
  }

  /** Tools read the config before they begin; there is none to tell. */
  private static Reply config(Invocation call) {
    return call.keyword(1).equals("GET")
        ? Reply.of(out -> out.map(0))
        : Reply.error(
            "ERR a router is configured by its file and flags; see ./ratchet router --help");
  }
}
