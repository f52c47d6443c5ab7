package dev.ratchet.bench.floor;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueItems;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.IssueResults;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.QuickHandler;
import dev.ratchet.proto.rpc.RoutesHandler;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.proto.wire.WireWriter;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The floor under an allocation node: the same frames and messages, read and written by the same
 * code, and between them nothing but a counter in an array. No lease, no sections, no ceilings. It
 * shows itself as the owner of everything, so that the client can't tell it from a cluster.
 */
public final class EchoFloor implements AutoCloseable {
  /** The namespace that it serves. */
  public static final Namespace NAMESPACE = asked().withId(1);

  private static final String HOST = "127.0.0.1";
  private static final int INCARNATION = 1;
  private static final long EPOCH = 1;

  private final EventLoops loops;
  private final RpcServer server;

  private EchoFloor(EventLoops loops, RpcServer server) {
    this.loops = loops;
    this.server = server;
  }

  /** The same namespace as one asks a cluster to create it. */
  public static Namespace asked() {
    return Namespace.uid("bench", RespFloor.COUNTERS - 1L, 100_000, 10_000);
  }

  /** Serves until the process is ended; the argument is the port. */
  public static void main(String[] arguments) throws IOException {
    int port = FloorProcess.port(arguments);
    try (EchoFloor floor = bind(new HostPort(HOST, port), FloorProcess.threads())) {
      FloorProcess.serve(floor.port());
    }
  }

  /** Binds an address, whose port must be known: the route table names it. */
  static EchoFloor bind(HostPort address, int threads) throws IOException {
    RouteTable routes = routes(address);
    AtomicLongArray counters = new AtomicLongArray(RespFloor.COUNTERS);
    HelloReply hello = new HelloReply("alloc", "floor", "zone-1", "floor");
    EventLoops loops = new EventLoops("floor", threads);
    RpcServer server =
        RpcServer.builder(routes::version)
            .on(Calls.HELLO, (request, context) -> context.reply(hello))
            .on(Calls.ROUTES, new RoutesHandler(routes))
            .on(
                Calls.ISSUE,
                new Quick(counters),
                (request, context) -> context.reply(issue(counters, request)))
            .bind(loops, address);
    return new EchoFloor(loops, server);
  }

  private static RouteTable routes(HostPort address) {
    RouteTable routes = new RouteTable();
    routes.apply(
        new RouteDelta(
            0,
            1,
            List.of(NAMESPACE),
            List.of(new OwnerInfo(INCARNATION, "floor", "zone-1", address.host(), address.port())),
            List.of(
                new SectionRun(NAMESPACE.id(), 0, NAMESPACE.sectionCount(), INCARNATION, EPOCH))));
    return routes;
  }

  private static IssueReply issue(AtomicLongArray counters, IssueRequest request) {
    List<IssueResult> results = new ArrayList<>();
    for (IssueItem item : request.items()) {
      long first = take(counters, item.key(), item.count());
      results.add(new IssueResult(0, first, EPOCH, false, ""));
    }
    return new IssueReply(results, List.of());
  }

  private static long take(AtomicLongArray counters, long key, int count) {
    return counters.getAndAdd((int) key & (RespFloor.COUNTERS - 1), count) + 1;
  }

  /** As an allocation node reads and writes what is plain: see {@code QuickIssue}. */
  private static final class Quick implements QuickHandler<IssueReply> {
    private final AtomicLongArray counters;
    private final FastThreadLocal<IssueItems> read =
        new FastThreadLocal<>() {
          @Override
          protected IssueItems initialValue() {
            return new IssueItems();
          }
        };

    Quick(AtomicLongArray counters) {
      this.counters = counters;
    }

    @Override
    public boolean handle(byte[] request, Answer<IssueReply> answer) {
      IssueItems items = read.get();
      if (!items.read(request)) {
        return false;
      }
      WireWriter out = WireWriter.ofThread();
      for (int i = 0; i < items.size(); i++) {
        IssueResults.write(out, take(counters, items.key(i), items.count(i)), EPOCH, false);
      }
      answer.replyEncoded(out.take());
      return true;
    }
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
