package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.AllocStatus;
import dev.ratchet.proto.message.MoveRequest;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for sections to change hands, and tells how far it is. Confined to one thread. */
public final class Handovers {
  private static final Duration POLL = Duration.ofMillis(100);

  private final RatchetClient client;
  private final PrintWriter out;
  private final long deadline;
  private final Duration bound;
  private String told = "";

  /** {@code out}: told how far it is; {@code bound}: how long to wait in all. */
  public Handovers(RatchetClient client, PrintWriter out, Duration bound) {
    this.client = client;
    this.out = out;
    this.bound = bound;
    this.deadline = System.nanoTime() + bound.toNanos();
  }

  /** One look at how far it is: what is left, or null when nothing is. */
  private interface Look {
    @Nullable String left() throws InterruptedException;
  }

  private void await(Look look) throws InterruptedException {
    String left = look.left();
    while (left != null) {
      if (System.nanoTime() - deadline >= 0) {
        throw new CliException(
            ExitCode.UNAVAILABLE,
            "not done after " + bound.toSeconds() + " s, and it goes on: " + left);
      }
      tell(left);
      LockSupport.parkNanos(POLL.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while " + left);
      }
      left = look.left();
    }
  }

  private void tell(String line) {
    if (!line.equals(told)) {
      out.println(line);
      out.flush();
      told = line;
    }
  }

  /** Waits until an incarnation of a node has nothing left. */
  public void awaitDrained(String node, int incarnation) throws InterruptedException {
    await(
        () -> {
          int sections = sectionsOf(incarnation);
          return sections == 0 ? null : node + ": " + sections + " sections left";
        });
    out.println(node + " is drained: it serves no section and gets none");
  }

  private int sectionsOf(int incarnation) throws InterruptedException {
    return ServerOption.await(client.status()).allocs().stream()
        .filter(alloc -> alloc.incarnation() == incarnation)
        .mapToInt(AllocStatus::sections)
        .sum();
  }

  /** Waits until a section is served by the incarnation it was moved to. */
  void awaitMoved(MoveRequest move, int incarnation) throws InterruptedException {
    String what = "section " + move.section() + " of namespace '" + move.namespace() + "' ";
    await(
        () -> {
          if (isGone(incarnation)) {
            throw new CliException(
                ExitCode.FAILED,
                what + "does not go to " + move.node() + ": that node has stopped");
          }
          return isServedBy(move, incarnation) ? null : what + "is on its way to " + move.node();
        });
    out.println(what + "is served by " + move.node());
  }

  private boolean isGone(int incarnation) throws InterruptedException {
    return ServerOption.await(client.status()).allocs().stream()
        .noneMatch(alloc -> alloc.incarnation() == incarnation);
  }

  private boolean isServedBy(MoveRequest move, int incarnation) {
    RouteTable routes = client.routes();
    Namespace namespace = routes.namespace(move.namespace());
    Route route = namespace == null ? null : routes.route(namespace.id(), move.section());
    return route != null && route.owner() != null && route.owner().incarnation() == incarnation;
  }

  /** By section, the node that owns it, as the newest routes have it. */
  Map<SectionRef, String> owners() throws InterruptedException {
    long version = ServerOption.await(client.status()).routeVersion();
    RouteTable routes = client.routes();
    await(() -> routes.version() >= version ? null : "reading the routes");
    Map<SectionRef, String> owners = new HashMap<>();
    for (Namespace namespace : routes.namespaces()) {
      for (int section = 0; section < namespace.sectionCount(); section++) {
        Route route = routes.route(namespace.id(), section);
        if (route != null && route.owner() != null) {
          owners.put(new SectionRef(namespace.id(), section), route.owner().node());
        }
      }
    }
    return owners;
  }

  /** Waits until nothing is left to move, and tells what has changed hands. */
  void awaitBalanced(Map<SectionRef, String> before, int unpinned) throws InterruptedException {
    await(
        () -> {
          StatusReply status = ServerOption.await(client.status());
          return status.moving() == 0 ? null : status.moving() + " sections to move";
        });
    Map<SectionRef, String> after = owners();
    long moved =
        after.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
            .count();
    out.println(
        "balanced: "
            + moved
            + " sections moved, "
            + unpinned
            + " are no longer kept where they were moved by hand");
  }
}
