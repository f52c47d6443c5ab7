package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.AdminRequest;
import dev.ratchet.proto.message.MemberInfo;
import dev.ratchet.proto.message.MemberListRequest;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The store's members through a client, and waiting for them to be as wanted. */
final class Members {
  /** Entries that a new member may still be behind; it follows closely from then on. */
  private static final long CLOSE_LAG = 200;

  private static final Duration POLL = Duration.ofMillis(200);

  private final RatchetClient client;
  private final String token;

  Members(RatchetClient client, String token) {
    this.client = client;
    this.token = token;
  }

  List<MemberInfo> list() throws InterruptedException {
    return ServerOption.await(client.admin(Calls.MEMBER_LIST, new MemberListRequest(token)))
        .members();
  }

  /** Throws unless a node is one of the members. */
  void checkKnown(String node) throws InterruptedException {
    List<MemberInfo> members = list();
    if (members.stream().noneMatch(member -> member.node().equals(node))) {
      throw new CliException(
          ExitCode.FAILED,
          "'"
              + node
              + "' is not one of the store nodes: "
              + members.stream().map(MemberInfo::node).collect(Collectors.joining(", ")));
    }
  }

  /** Asks for a change, again and again while it has to wait, as for one that is under way. */
  <Q extends AdminRequest, R> void change(int seconds, Call<Q, R> call, Function<String, Q> request)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (true) {
      try {
        var unused = ServerOption.await(client.admin(call, request.apply(token)));
        return;
      } catch (RatchetException e) {
        if (!e.code().isRetryable() || System.nanoTime() - deadline >= 0) {
          throw e;
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  /** Waits until a node is a member that follows closely. */
  void awaitMember(String node, int seconds) throws InterruptedException {
    await(
        seconds,
        "'" + node + "' has not caught up; it goes on, see `admin member list`",
        members ->
            members.stream()
                .anyMatch(
                    member ->
                        member.node().equals(node)
                            && member.state().equals("member")
                            && !member.role().equals("unreachable")
                            && member.lag() <= CLOSE_LAG));
  }

  /** Waits until a node is gone, and nothing else is under way. */
  void awaitGone(String node, int seconds) throws InterruptedException {
    await(
        seconds,
        "'" + node + "' is not removed yet; it goes on, see `admin member list`",
        members ->
            members.stream()
                .noneMatch(
                    member -> member.node().equals(node) || member.state().equals("leaving")));
  }

  /** Waits until a node leads. */
  void awaitLeader(String node, int seconds) throws InterruptedException {
    await(
        seconds,
        "'" + node + "' does not lead; another member may have won the election: try again",
        members ->
            members.stream()
                .anyMatch(member -> member.node().equals(node) && member.role().equals("leader")));
  }

  private void await(int seconds, String otherwise, Predicate<List<MemberInfo>> reached)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!isReached(reached)) {
      if (System.nanoTime() - deadline >= 0) {
        throw new CliException(ExitCode.UNAVAILABLE, otherwise);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private boolean isReached(Predicate<List<MemberInfo>> reached) throws InterruptedException {
    try {
      return reached.test(list());
    } catch (RatchetException e) {
      if (!e.code().isRetryable()) {
        throw e;
      }
      return false; // the leader changes
    }
  }
}
