package dev.ratchet.router.resp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands about the server: what it is, and which commands it has. Thread-safe. */
final class ServerCommands {
  /** Redis's settings that mean something here: nothing is kept on disk, there is one database. */
  private static final Map<String, String> SETTINGS =
      Map.of("save", "", "appendonly", "no", "databases", "1");

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
        Command.plain("config", -2, "The few settings that tools read", ServerCommands::config));
  }

  private Reply command(Invocation call) {
    if (call.size() == 1) {
      return describe(inOrder());
    }
    return switch (call.keyword(1)) {
      case "COUNT" -> Reply.of(out -> out.integer(table.size()));
      case "LIST" -> list();
      case "INFO" -> call.size() == 2 ? describe(inOrder()) : describe(named(call));
      case "DOCS" -> document(call.size() == 2 ? inOrder() : named(call));
      default ->
          Reply.error(
              "ERR unknown subcommand '"
                  + call.keyword(1)
                  + "'. Try COMMAND, COMMAND COUNT, LIST, INFO or DOCS.");
    };
  }

  private List<Command> inOrder() {
    return table.values().stream().sorted(Comparator.comparing(Command::name)).toList();
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
          inOrder().forEach(command -> out.bulk(command.name()));
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

  /** Tools such as redis-benchmark read some of Redis's settings before they begin. */
  private static Reply config(Invocation call) {
    if (!call.keyword(1).equals("GET")) {
      return Reply.error(
          "ERR a router is configured by its file and flags; see ./ratchet router --help");
    }
    List<String> known = new ArrayList<>();
    for (int i = 2; i < call.size(); i++) {
      String name = call.text(i).toLowerCase(Locale.ROOT);
      if (SETTINGS.containsKey(name)) {
        known.add(name);
      }
    }
    return Reply.of(
        out -> {
          out.map(known.size());
          for (String name : known) {
            out.bulk(name);
            out.bulk(SETTINGS.getOrDefault(name, ""));
          }
        });
  }
}
