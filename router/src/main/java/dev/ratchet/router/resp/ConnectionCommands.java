package dev.ratchet.router.resp;

import java.util.List;
import java.util.Locale;

/** The commands about the connection. Thread-safe: what they change is the client's state. */
final class ConnectionCommands {
  private static final String SYNTAX = "ERR syntax error";

  private final ServerFacts facts;

  ConnectionCommands(ServerFacts facts) {
    this.facts = facts;
  }

  List<Command> all() {
    return List.of(
        Command.plain("ping", -1, "Answers PONG, or the message", ConnectionCommands::ping),
        Command.plain(
            "echo", 2, "Answers the message", call -> Reply.of(out -> out.bulk(call.word(1)))),
        Command.plain("hello", -1, "Chooses the protocol version", this::hello),
        Command.plain("auth", -2, "Accepts the default user", ConnectionCommands::auth),
        Command.plain("client", -2, "About this connection", ConnectionCommands::client),
        Command.plain("select", 2, "There is database 0 only", ConnectionCommands::select),
        Command.plain("quit", -1, "Closes", call -> Reply.last(out -> out.simple("OK"))),
        Command.plain("reset", 1, "Forgets name and protocol", ConnectionCommands::reset));
  }

  private static Reply ping(Invocation call) {
    return switch (call.size()) {
      case 1 -> Reply.of(out -> out.simple("PONG"));
      case 2 -> Reply.of(out -> out.bulk(call.word(1)));
      default -> Commands.wrongArity("ping");
    };
  }

  private Reply hello(Invocation call) {
    int version = call.client().protocol();
    String name = call.client().name();
    if (call.size() > 1) {
      String wanted = call.keyword(1);
      if (!wanted.equals("2") && !wanted.equals("3")) {
        return Reply.error("NOPROTO unsupported protocol version");
      }
      version = wanted.charAt(0) - '0';
    }
    int at = 2;
    while (at < call.size()) {
      if (call.keyword(at).equals("AUTH") && at + 2 < call.size()) {
        if (!call.text(at + 1).equals("default")) {
          return wrongUser();
        }
        at += 3;
      } else if (call.keyword(at).equals("SETNAME") && at + 1 < call.size()) {
        name = call.text(at + 1);
        if (!isName(name)) {
          return badName();
        }
        at += 2;
      } else {
        return Reply.error(SYNTAX + " in HELLO option '" + call.keyword(at) + "'");
      }
    }
    call.client().setProtocol(version);
    call.client().setName(name);
    return welcome(version, call.client().id());
  }

  private Reply welcome(int version, long id) {
    return Reply.of(
        out -> {
          out.map(7);
          out.bulk("server");
          out.bulk("ratchet");
          out.bulk("version");
          out.bulk(facts.version());
          out.bulk("proto");
          out.integer(version);
          out.bulk("id");
          out.integer(id);
          out.bulk("mode");
          out.bulk("standalone");
          out.bulk("role");
          out.bulk("master");
          out.bulk("modules");
          out.array(0);
        });
  }

  /** There are no passwords: the default user is let in with any, as Redis does without one. */
  private static Reply auth(Invocation call) {
    if (call.size() > 3) {
      return Reply.error(SYNTAX);
    }
    if (call.size() == 2) {
      return Reply.error(
          "ERR AUTH <password> called without any password configured for the default user."
              + " Are you sure your configuration is correct?");
    }
    return call.text(1).equals("default") ? Reply.ok() : wrongUser();
  }

  private static Reply wrongUser() {
    return Reply.error("WRONGPASS there are no users but 'default', and no passwords, here");
  }

  private static Reply select(Invocation call) {
    return call.keyword(1).equals("0")
        ? Reply.ok()
        : Reply.error(
            "ERR DB index is out of range; there is 0 only: use namespaces, as in ns:key");
  }

  private static Reply reset(Invocation call) {
    call.client().reset();
    return Reply.of(out -> out.simple("RESET"));
  }

  private static Reply client(Invocation call) {
    ClientState state = call.client();
    return switch (call.keyword(1)) {
      case "ID" -> call.size() == 2 ? Reply.of(out -> out.integer(state.id())) : arity(call);
      case "GETNAME" -> call.size() == 2 ? getName(state) : arity(call);
      case "SETNAME" -> call.size() == 3 ? setName(call) : arity(call);
      case "SETINFO" -> call.size() == 4 ? Reply.ok() : arity(call);
      case "INFO" -> call.size() == 2 ? describe(state) : arity(call);
      case "LIST" -> describe(state);
      case "NO-EVICT", "NO-TOUCH" -> call.size() == 3 ? Reply.ok() : arity(call);
      default ->
          Reply.error(
              "ERR unknown subcommand '"
                  + call.keyword(1)
                  + "'. Try CLIENT ID, GETNAME, SETNAME, SETINFO, INFO or LIST.");
    };
  }

  private static Reply arity(Invocation call) {
    return Commands.wrongArity("client|" + call.keyword(1).toLowerCase(Locale.ROOT));
  }

  private static Reply getName(ClientState state) {
    String name = state.name();
    return Reply.of(
        out -> {
          if (name.isEmpty()) {
            out.nil();
          } else {
            out.bulk(name);
          }
        });
  }

  private static Reply setName(Invocation call) {
    String name = call.text(2);
    if (!isName(name)) {
      return badName();
    }
    call.client().setName(name);
    return Reply.ok();
  }

  private static boolean isName(String name) {
    return name.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static Reply badName() {
    return Reply.error("ERR Client names cannot contain spaces, newlines or special characters.");
  }

  private static Reply describe(ClientState state) {
    String line =
        "id="
            + state.id()
            + " addr="
            + state.address()
            + " name="
            + state.name()
            + " db=0 resp="
            + state.protocol()
            + "\n";
    return Reply.of(out -> out.bulk(line));
  }
}
