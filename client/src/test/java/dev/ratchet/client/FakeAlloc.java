package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RoutesHandler;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An allocation node that does what a test tells it: serves, refuses, holds answers back, answers
 * with old epochs, loses connections. Scripts may be changed from any thread.
 */
public final class FakeAlloc implements AutoCloseable {
  private final FakeCluster cluster;
  private final EventLoops loops;
  private final int incarnation;
  private final RouteTable table = new RouteTable();
  private final RoutesHandler routesHandler = new RoutesHandler(table);
  private final AtomicInteger batches = new AtomicInteger();
  private final Queue<List<IssueItem>> seen = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private volatile Function<IssueItem, @Nullable IssueResult> script = item -> null;
  private volatile boolean holding;
  private volatile boolean silent;
  private volatile boolean learning = true;
  private volatile boolean attachingRoutes = true;
  private HostPort address = new HostPort("127.0.0.1", 0);
  private @Nullable RpcServer server;

  FakeAlloc(FakeCluster cluster, EventLoops loops, int incarnation) throws IOException {
    this.cluster = cluster;
    this.loops = loops;
    this.incarnation = incarnation;
    bind();
  }

  private void bind() throws IOException {
    RpcServer bound =
        RpcServer.builder(table::version)
            .on(Calls.HELLO, (hello, context) -> hello(context))
            .on(Calls.ISSUE, this::issue)
            .on(Calls.ROUTES, routesHandler)
            .on(Calls.NAMESPACE_CREATE, this::create)
            .on(Calls.NAMESPACE_LIST, this::list)
            .on(Calls.STATUS, this::status)
            .bind(loops, address);
    server = bound;
    address = new HostPort("127.0.0.1", bound.port());
  }

  public HostPort address() {
    return address;
  }

  OwnerInfo info() {
    return new OwnerInfo(
        incarnation, "alloc-" + incarnation, "zone-1", address.host(), address.port());
  }

  /** Answers items by a script; where it returns null they are served as usual. */
  public void script(Function<IssueItem, @Nullable IssueResult> answers) {
    script = answers;
  }

  /** An answer that is an error. */
  public static IssueResult error(ErrorCode code, String message) {
    return new IssueResult(code.number(), 0, 0, false, message);
  }

  /** From now on, finished answers are kept. */
  public void hold() {
    holding = true;
  }

  /** Sends the answers kept, oldest first, and keeps no more. */
  public void release() {
    holding = false;
    Runnable answer = held.poll();
    while (answer != null) {
      answer.run();
      answer = held.poll();
    }
  }

  /** Answers kept at the moment. */
  public int held() {
    return held.size();
  }

  /** From now on, nothing is answered at all, as by a frozen process. */
  public void freeze() {
    silent = true;
  }

  /** Stops or goes on to learn new routes. */
  public void learning(boolean on) {
    learning = on;
  }

  /** Stops or goes on to put newer routes on answers. */
  public void attachingRoutes(boolean on) {
    attachingRoutes = on;
  }

  void learn(RouteDelta all) {
    if (learning) {
      table.apply(all);
    }
  }

  public RouteTable table() {
    return table;
  }

  /** Batches that came. */
  public int batches() {
    return batches.get();
  }

  /** The items of each batch that came. */
  public List<List<IssueItem>> seen() {
    return new ArrayList<>(seen);
  }

  /** Drops every connection and the port. */
  public synchronized void stop() {
    RpcServer running = server;
    if (running != null) {
      running.close();
      server = null;
    }
  }

  /** Drops every connection, and takes new ones at the same port. */
  public synchronized void restart() {
    stop();
    silent = false;
    try {
      bind();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void hello(RpcContext<HelloReply> context) {
    if (!silent) {
      context.reply(new HelloReply("alloc", "alloc-" + incarnation, "zone-1", "test"));
    }
  }

  private void issue(IssueRequest request, RpcContext<IssueReply> context) {
    batches.incrementAndGet();
    seen.add(request.items());
    if (silent) {
      return;
    }
    List<IssueResult> results = new ArrayList<>();
    for (IssueItem item : request.items()) {
      IssueResult scripted = script.apply(item);
      results.add(scripted != null ? scripted : serve(item));
    }
    List<RouteDelta> routes =
        attachingRoutes && context.callerRouteVersion() < table.version()
            ? List.of(table.since(context.callerRouteVersion()))
            : List.of();
    Runnable answer = () -> context.reply(new IssueReply(results, routes));
    if (holding) {
      held.add(answer);
    } else {
      answer.run();
    }
  }

  private IssueResult serve(IssueItem item) {
    SectionRun route = cluster.routeOf(item.namespaceId(), item.key());
    if (route.owner() != incarnation || route.epoch() != item.epoch()) {
      return error(ErrorCode.NOT_OWNER, "alloc-" + incarnation + " does not own the section");
    }
    long last = cluster.take(item.namespaceId(), item.key(), item.count());
    long value = item.count() == 0 ? last : last - item.count() + 1;
    return new IssueResult(0, value, route.epoch(), false, "");
  }

  private void create(Namespace wanted, RpcContext<NamespaceReply> context) {
    boolean exists =
        cluster.namespaces().stream().anyMatch(known -> known.name().equals(wanted.name()));
    if (exists) {
      context.fail(
          new RatchetException(ErrorCode.NAMESPACE_EXISTS, "'" + wanted.name() + "' exists"));
    } else {
      context.reply(new NamespaceReply(List.of(cluster.create(wanted))));
    }
  }

  private void list(Empty empty, RpcContext<NamespaceReply> context) {
    context.reply(new NamespaceReply(cluster.namespaces()));
  }

  private void status(Empty empty, RpcContext<StatusReply> context) {
    context.reply(new StatusReply("fake", table.version(), List.of(), List.of(), 1, 0, 0));
  }

  /** A script that gives these answers to the first items, and then serves as usual. */
  public static Function<IssueItem, @Nullable IssueResult> first(IssueResult... answers) {
    ArrayDeque<IssueResult> left = new ArrayDeque<>(List.of(answers));
    return item -> {
      synchronized (left) {
        return left.poll();
      }
    };
  }
}
