package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.TextTable;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.MemberAddRequest;
import dev.ratchet.proto.message.MemberInfo;
import dev.ratchet.proto.message.MemberRemoveRequest;
import dev.ratchet.proto.rpc.Calls;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet admin member}. */
@Command(
    name = "member",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "See and change which store nodes the cluster has, while it serves.",
      "",
      "Example: ./ratchet admin member list --dir data/c1",
    })
public final class MemberCommand implements Runnable {
  private static final int WAIT_SECONDS = 300;
  private static final String ZONE = "What fails together with it.";
  private static final String RPC = "Where it is called, HOST:PORT.";
  private static final String RAFT = "Where Raft's messages go, HOST:PORT.";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: list, add, remove or replace");
  }

  /** Where a store node is, as the operator says. */
  private record Place(String zone, String rpc, String raft) {}

  /** How long to wait. */
  static final class Patience {
    @Option(
        names = "--wait-seconds",
        paramLabel = "N",
        defaultValue = "" + WAIT_SECONDS,
        description = "How long to wait for the change (default: ${DEFAULT-VALUE}).")
    private int seconds;
  }

  @Command(
      name = "list",
      description = {
        "Show the store nodes: role, term, lag, disk, and who is joining or leaving.",
        "",
        "Example: ./ratchet admin member list --dir data/c1",
      })
  int list(@Mixin AdminOption to) throws IOException, InterruptedException {
    try (RatchetClient client = to.connect()) {
      TextTable table =
          new TextTable("NODE", "ZONE", "STATE", "ROLE", "TERM", "LAG", "RPC", "RAFT", "DISK");
      for (MemberInfo member : new Members(client, to.token()).list()) {
        table.row(
            dash(member.node()),
            dash(member.zone()),
            member.state(),
            dash(member.role()),
            member.term(),
            member.lag(),
            dash(member.rpc()),
            member.raft(),
            dash(member.disk()));
      }
      table.lines().forEach(out()::println);
    }
    return 0;
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  @Command(
      name = "add",
      description = {
        "Make a store node a member, and wait until it has caught up.",
        "",
        "Start it first, with `join: true` and an empty data folder.",
        "",
        "Example: ./ratchet admin member add store-4 zone-1 10.0.0.4:7001 10.0.0.4:7101",
      })
  int add(
      @Parameters(index = "0", paramLabel = "NODE", description = "Its node id.") String node,
      @Parameters(index = "1", paramLabel = "ZONE", description = ZONE) String zone,
      @Parameters(index = "2", paramLabel = "RPC", description = RPC) String rpc,
      @Parameters(index = "3", paramLabel = "RAFT", description = RAFT) String raft,
      @Mixin Patience patience,
      @Mixin AdminOption to)
      throws IOException, InterruptedException {
    try (RatchetClient client = to.connect()) {
      add(new Members(client, to.token()), node, new Place(zone, rpc, raft), patience.seconds);
    }
    return 0;
  }

  private void add(Members members, String node, Place place, int seconds)
      throws InterruptedException {
    members.change(
        seconds,
        Calls.MEMBER_ADD,
        token -> new MemberAddRequest(token, node, place.zone, place.rpc, place.raft));
    out().println(node + " is recorded; it catches up now");
    out().flush();
    members.awaitMember(node, seconds);
    out().println(node + " is a member");
  }

  @Command(
      name = "remove",
      description = {
        "Take a store node out, and wait until that is done. A leader hands over first.",
        "",
        "Then stop the node, and empty its data folder.",
        "",
        "Example: ./ratchet admin member remove store-1 --dir data/c1",
      })
  int remove(
      @Parameters(paramLabel = "NODE", description = "Its node id.") String node,
      @Mixin Patience patience,
      @Mixin AdminOption to)
      throws IOException, InterruptedException {
    try (RatchetClient client = to.connect()) {
      Members members = new Members(client, to.token());
      members.checkKnown(node);
      remove(members, node, patience.seconds);
    }
    return 0;
  }

  private void remove(Members members, String node, int seconds) throws InterruptedException {
    members.change(seconds, Calls.MEMBER_REMOVE, token -> new MemberRemoveRequest(token, node));
    members.awaitGone(node, seconds);
    out().println(node + " is a member no more: stop it, and empty its data folder");
  }

  @Command(
      name = "replace",
      description = {
        "Add a store node, then remove another: at no time are there fewer.",
        "",
        "Example: ./ratchet admin member replace store-1 store-4 zone-1 10.0.0.4:7001 10.0.0.4:7101",
      })
  int replace(
      @Parameters(index = "0", paramLabel = "OLD", description = "Who goes.") String old,
      @Parameters(index = "1", paramLabel = "NEW", description = "Who comes.") String fresh,
      @Parameters(index = "2", paramLabel = "ZONE", description = ZONE) String zone,
      @Parameters(index = "3", paramLabel = "RPC", description = RPC) String rpc,
      @Parameters(index = "4", paramLabel = "RAFT", description = RAFT) String raft,
      @Mixin Patience patience,
      @Mixin AdminOption to)
      throws IOException, InterruptedException {
    if (old.equals(fresh)) {
      throw new CliException(
          ExitCode.USAGE,
          "the new node needs another id than the old one; with the same, use remove, then add");
    }
    try (RatchetClient client = to.connect()) {
      Members members = new Members(client, to.token());
      members.checkKnown(old);
      add(members, fresh, new Place(zone, rpc, raft), patience.seconds);
      remove(members, old, patience.seconds);
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
