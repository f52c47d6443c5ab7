package dev.ratchet.testkit.sim;

import dev.ratchet.alloc.AllocConfig;
import dev.ratchet.alloc.AllocEngine;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.rpc.HostPort;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A place for an allocation node: the production code's engine, life after life. */
final class SimAlloc {
  private static final int HOLDER_MILLIS = 1_600;
  private static final long COUNTER_MEMORY = 256L << 20;
  private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final World world;
  private final SimProcess process;
  private final String node;
  private final int port;
  private final SplittableRandom random;
  private final long fixedProcess;

  private @Nullable AllocEngine engine;
  private @Nullable SimRoutesDoor routesDoor;
  private @Nullable SimStoreLink link;
  private boolean stopping;

  /** {@code node}: node id, which a twin shares with another. */
  SimAlloc(World world, SimProcess process, String node, int port) {
    this.world = world;
    this.process = process;
    this.node = node;
    this.port = port;
    this.random = world.scheduler().random("alloc " + process.name());
    this.fixedProcess = random.nextLong();
  }

  SimProcess process() {
    return process;
  }

  void start() {
    process.start();
    stopping = false;
    SimExecutor control = new SimExecutor(world.scheduler(), process, "control");
    SimExecutor loop = new SimExecutor(world.scheduler(), process, "loop");
    HostPort address = new HostPort("alloc", port);
    AllocConfig config =
        new AllocConfig(
            node,
            process.zone(),
            address,
            address.host(),
            List.of(new HostPort("store", 1)),
            250,
            HOLDER_MILLIS,
            1,
            1_000,
            250,
            COUNTER_MEMORY);
    SimStoreLink store = new SimStoreLink(world, process);
    AllocEngine born =
        new AllocEngine(
            config,
            new AllocEngine.Surroundings(
                world.sabotage().store(store, this),
                control,
                List.of(loop),
                world.sabotage().clock(process),
                () -> world.sabotage().newProcess(random.nextLong(), fixedProcess)),
            this::registration);
    engine = born;
    link = store;
    routesDoor = new SimRoutesDoor(world.scheduler(), process, born.routes());
    born.start();
    world.scheduler().note(() -> process + " starts");
  }

  private RegisterRequest registration(long number) {
    return new RegisterRequest(node, process.zone(), "alloc", port, number, HOLDER_MILLIS);
  }

  void crash() {
    world.scheduler().note(() -> process + " dies");
    engine = null;
    process.crash();
    world.network().broke(process);
    breakConnections();
  }

  /** Stops as on SIGTERM, and runs what comes next once its process is gone. */
  void stop(Runnable next) {
    AllocEngine stops = engine;
    if (stops == null || stopping) {
      return;
    }
    stopping = true;
    world.scheduler().note(() -> process + " is told to stop");
    long life = process.life();
    Runnable end =
        () -> {
          if (process.isLife(life)) {
            crash();
            next.run();
          }
        };
    world
        .scheduler()
        .after(0, "stop", process, () -> stops.giveAllBack().thenRun(() -> later(end)));
    world.scheduler().after(RELEASE_NANOS, "stop late", process, end);
  }

  private void later(Runnable end) {
    world.scheduler().after(1_000_000, "stopped", process, end);
  }

  void loseRenewalsUntil(long time) {
    SimStoreLink now = link;
    if (now != null) {
      now.loseRenewalsUntil(time);
    }
  }

  /** Its connections to the store break, though it may live on. */
  void breakConnections() {
    for (SimStore store : world.stores()) {
      world.network().send(process, store.process(), "disconnect", () -> store.broke(process));
    }
  }

  boolean isStopping() {
    return stopping;
  }

  private AllocEngine alive() {
    AllocEngine now = engine;
    if (now == null) {
      throw new AssertionError(process + " is dead");
    }
    return now;
  }

  /** The tenure under way, or null. */
  @Nullable Tenure tenure() {
    AllocEngine now = engine;
    return now == null ? null : now.tenure();
  }

  /** The section that it would serve now under its lease, or null. */
  @Nullable Section served(int namespaceId, int section) {
    Tenure tenure = tenure();
    if (tenure == null || !tenure.lease().isValid(process.nanos())) {
      return null;
    }
    Section held = tenure.sections().get(namespaceId, section);
    return held != null && held.isOpen() ? held : null;
  }

  /** How it stands with a section, for a message. */
  String describe(int namespaceId, int section) {
    Tenure tenure = tenure();
    Section held = tenure == null ? null : tenure.sections().get(namespaceId, section);
    if (tenure == null || held == null) {
      return process + (tenure == null ? " has no lease" : " does not hold it");
    }
    return process
        + (tenure.lease().isValid(process.nanos()) ? "" : " has no valid lease,")
        + " holds "
        + held
        + (held.isOpen() ? "" : ", stopped")
        + (held.isRaising() ? ", raising" : "")
        + (held.isConfirming() ? ", confirming" : "");
  }

  RouteTable routes() {
    return alive().routes();
  }

  void routes(RoutesRequest request, SimNetwork.Reply<RouteDelta> reply) {
    SimRoutesDoor door = routesDoor;
    if (door != null) {
      door.serve(request, reply);
    }
  }

  /** Serves a call for numbers, and shows the checker what came of it. */
  void issue(IssueRequest request, long callerVersion, SimNetwork.Reply<IssueReply> reply) {
    Checker.Asked asked = world.checker().asked(process, request);
    world.scheduler().note(() -> process + " is asked for " + request.items());
    Answer<IssueReply> answer =
        new Answer<>() {
          @Override
          public long callerRouteVersion() {
            return callerVersion;
          }

          @Override
          public void reply(IssueReply result) {
            asked.replied(result);
            reply.accept(result);
          }

          @Override
          public void replyEncoded(byte[] result) {
            reply(IssueReply.SCHEMA.decode(result));
          }

          @Override
          public void fail(RatchetException error) {
            asked.failed();
            reply.fail(error);
          }
        };
    try {
      world.sabotage().issuing(() -> serve(request, answer));
    } catch (RatchetException e) {
      asked.refused();
      throw e;
    }
  }

  /** By its bytes, as it comes over a socket. */
  private void serve(IssueRequest request, Answer<IssueReply> answer) {
    if (!alive().quick().handle(IssueRequest.SCHEMA.encode(request), answer)) {
      alive().issue().issue(request, answer);
    }
  }

  @Override
  public String toString() {
    return process.name();
  }
}
