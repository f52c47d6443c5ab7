package dev.ratchet.testkit.sim;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.StoreConfig;
import dev.ratchet.store.lead.LeaderDuties;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.rpc.CommandHandlers;
import dev.ratchet.store.rpc.GrantsQuery;
import dev.ratchet.store.rpc.HaltNotices;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a store node is called. Commands and what was granted are the production code's; long polls
 * and reads do what its handlers do, which are bound to sockets.
 */
final class SimStoreDoor {
  private final World world;
  private final SimStore store;
  private final RouteTable routes;
  private final StateReader reader;
  private final CommandHandlers commands;
  private final GrantsQuery query;
  private final SimRoutesDoor routesDoor;
  private final Map<Integer, Poll> waiting = new TreeMap<>();

  /** The process that each incarnation calls from, while its connection holds. */
  private final Map<Integer, SimProcess> connected = new TreeMap<>();

  SimStoreDoor(
      World world,
      SimStore store,
      RouteTable routes,
      StateReader reader,
      LeaderDuties duties,
      MemberBook book) {
    this.world = world;
    this.store = store;
    this.routes = routes;
    this.reader = reader;
    this.commands =
        new CommandHandlers(store, duties, routes, reader, new HaltNotices(reader), book);
    this.query = new GrantsQuery(routes, reader);
    this.routesDoor = new SimRoutesDoor(world.scheduler(), store.process(), routes);
  }

  CommandHandlers commands() {
    return commands;
  }

  RouteTable routes() {
    return routes;
  }

  /** Answers with what a command comes to. */
  static <R> void answer(CompletableFuture<R> outcome, SimNetwork.Reply<R> reply) {
    outcome.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            reply.accept(result);
          } else {
            reply.fail(RatchetException.of(failure));
          }
        });
  }

  private void read(SimNetwork.Reply<?> reply, Runnable answering) {
    world
        .scheduler()
        .after(
            store.readDelay(),
            "read",
            store.process(),
            () -> {
              try {
                answering.run();
              } catch (RatchetException e) {
                reply.fail(e);
              }
            });
  }

  /** A holder called. */
  void heard(int incarnation, SimProcess from) {
    connected.put(incarnation, from);
  }

  /** The connections of a process broke: its holder is suspect unless it is heard of soon. */
  void broke(SimProcess process) {
    for (int incarnation : List.copyOf(connected.keySet())) {
      Lease lease = reader.lease(incarnation);
      SimProcess from = connected.get(incarnation);
      if (from != null && from.index() == process.index()) {
        connected.remove(incarnation);
        if (lease != null) {
          world
              .scheduler()
              .after(
                  TimeUnit.MILLISECONDS.toNanos(StoreConfig.DEFAULT_SUSPECT_MILLIS),
                  "suspect",
                  store.process(),
                  () -> suspect(lease));
        }
      }
    }
  }

  private void suspect(Lease lease) {
    boolean matters = routes.namespaces().stream().anyMatch(Namespace::strict);
    if (matters && !connected.containsKey(lease.incarnation()) && store.believesToLead()) {
      store.propose(new Command.Suspect(lease.incarnation(), lease.renewal()));
    }
  }

  void routes(RoutesRequest request, SimNetwork.Reply<RouteDelta> reply) {
    if (!store.isCaughtUp()) {
      throw new RatchetException(ErrorCode.UNAVAILABLE, store + " still reads its log");
    }
    routesDoor.serve(request, reply);
  }

  void handover(HandoverRequest request, SimNetwork.Reply<HandoverReply> reply) {
    store.checkLeading();
    read(reply, () -> reply.accept(new HandoverReply(positions(request))));
  }

  private byte[] positions(HandoverRequest request) {
    if (reader.lease(request.incarnation()) == null) {
      throw leaseOver();
    }
    SectionRecord record = reader.section(request.namespaceId(), request.section());
    if (record == null
        || record.owner() != request.incarnation()
        || record.epoch() != request.epoch()) {
      throw new RatchetException(ErrorCode.STALE_EPOCH, "not granted in that epoch");
    }
    byte[] chunk =
        request.chunk() < 0 || request.chunk() >= record.handoverChunks()
            ? null
            : reader.chunk(request.namespaceId(), request.section(), request.chunk());
    if (chunk == null) {
      throw new RatchetException(ErrorCode.INVALID_ARGUMENT, "no such chunk");
    }
    return chunk;
  }

  private static RatchetException leaseOver() {
    return new RatchetException(ErrorCode.STALE_INCARNATION, "the lease is over: register anew");
  }

  void grants(GrantsRequest request, SimNetwork.Reply<GrantsReply> reply) {
    store.checkLeading();
    Poll poll = new Poll(request, reply);
    read(poll, () -> look(poll));
  }

  private void look(Poll poll) {
    if (poll.over) {
      return;
    }
    int incarnation = poll.request.incarnation();
    Poll former = waiting.put(incarnation, poll);
    if (former != null && !former.equals(poll)) {
      former.answerNothing();
    }
    try {
      store.checkLeading();
      if (reader.lease(incarnation) == null) {
        throw leaseOver();
      }
    } catch (RatchetException e) {
      waiting.remove(incarnation, poll);
      throw e;
    }
    GrantsReply found = world.sabotage().grants(query.since(incarnation, poll.request.version()));
    if (!found.grants().isEmpty()) {
      waiting.remove(incarnation, poll);
      poll.accept(found);
    } else if (poll.request.waitMillis() <= 0) {
      waiting.remove(incarnation, poll);
      poll.answerNothing();
    } else if (poll.timer == null) {
      poll.timer =
          world
              .scheduler()
              .after(
                  TimeUnit.MILLISECONDS.toNanos(poll.request.waitMillis()),
                  "poll over",
                  store.process(),
                  () -> {
                    waiting.remove(incarnation, poll);
                    poll.answerNothing();
                  });
    }
  }

  void onApplied(Result result) {
    if (waiting.isEmpty()) {
      return;
    }
    RouteDelta delta = result.routes();
    if (delta != null) {
      for (SectionRun run : delta.runs()) {
        wake(run.owner());
      }
    }
    if (result instanceof Result.Expired expired) {
      wake(expired.incarnation());
    }
  }

  private void wake(int incarnation) {
    Poll poll = waiting.remove(incarnation);
    if (poll != null) {
      read(poll, () -> look(poll));
    }
  }

  void onLeaderStop() {
    List<Poll> polls = List.copyOf(waiting.values());
    waiting.clear();
    for (Poll poll : polls) {
      poll.fail(store.notLeader());
    }
  }

  /** A call that waits for grants. */
  private static final class Poll implements SimNetwork.Reply<GrantsReply> {
    final GrantsRequest request;
    private final SimNetwork.Reply<GrantsReply> reply;
    boolean over;
    SimScheduler.@Nullable Event timer;

    Poll(GrantsRequest request, SimNetwork.Reply<GrantsReply> reply) {
      this.request = request;
      this.reply = reply;
    }

    void answerNothing() {
      accept(new GrantsReply(request.version(), List.of()));
    }

    @Override
    public void accept(GrantsReply found) {
      if (end()) {
        reply.accept(found);
      }
    }

    @Override
    public void fail(RatchetException error) {
      if (end()) {
        reply.fail(error);
      }
    }

    private boolean end() {
      boolean first = !over;
      over = true;
      SimScheduler.Event running = timer;
      if (first && running != null) {
        running.cancel();
      }
      return first;
    }
  }
}
