package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RoutesHandler;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.lead.AppliedListener;
import dev.ratchet.store.lead.LeaderDuties;
import dev.ratchet.store.lead.MembershipDuty;
import dev.ratchet.store.lead.Proposer;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.member.MemberCalls;
import dev.ratchet.store.placement.LeaseWatch;
import dev.ratchet.store.raft.RaftGroup;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.StateReader;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port on which a store node is called. Commands and grants are for the leader; any other
 * member answers {@code NOT_LEADER} with the leader's address as hint. Routes are served by all.
 * Operators' calls pass the {@link AdminGate}.
 */
public final class StoreDoor implements AppliedListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreDoor.class);

  private final Parts parts;
  private final Reads reads;
  private final GrantsHandler grants;
  private final StatusHandler status;
  private final RoutesHandler routesHandler;
  private final HolderConnections connections;
  private final HaltNotices notices;

  /**
   * What the door leads to.
   *
   * @param cluster cluster id
   * @param self this member
   * @param others the other members, as they are by now
   * @param raft the Raft group
   * @param book who the members are
   * @param memberCalls calls to the other members
   * @param membership what changes the members
   * @param proposer where commands go
   * @param duties whom to release sections for
   * @param routes the route table
   * @param reader the committed state
   * @param leases time left of leases
   * @param clock time
   * @param suspectMillis how long a holder's connection may be broken before it is suspect
   * @param adminToken what operators' calls must carry
   * @param caughtUp whether the table holds all that was committed before this node started
   */
  public record Parts(
      String cluster,
      MemberView self,
      Supplier<List<MemberView.Other>> others,
      RaftGroup raft,
      MemberBook book,
      MemberCalls memberCalls,
      MembershipDuty membership,
      Proposer proposer,
      LeaderDuties duties,
      RouteTable routes,
      StateReader reader,
      LeaseWatch leases,
      MonotonicClock clock,
      int suspectMillis,
      AdminToken adminToken,
      BooleanSupplier caughtUp) {}

  /** Opens the door at a port that is bound already; whoever bound it closes it. */
  public StoreDoor(Parts parts, RpcServer server) {
    this.parts = parts;
    this.reads = new Reads("store-reads-" + server.port());
    GrantsQuery query = new GrantsQuery(parts.routes(), parts.reader());
    this.grants = new GrantsHandler(query, parts.reader(), parts.proposer(), reads);
    this.status = new StatusHandler(parts, reads);
    this.routesHandler = new RoutesHandler(parts.routes());
    this.connections =
        new HolderConnections(
            parts.suspectMillis(), parts.proposer(), parts.reader(), parts.routes(), reads);
    this.notices = new HaltNotices(parts.reader());
    loadNotices();
    server.complete(calls());
  }

  private RpcServer.Builder calls() {
    CommandHandlers commands =
        new CommandHandlers(
            parts.proposer(),
            parts.duties(),
            parts.routes(),
            parts.reader(),
            notices,
            parts.book());
    HandoverHandler handover = new HandoverHandler(parts.reader(), parts.proposer(), reads);
    RpcServer.Builder calls = RpcServer.builder(parts.routes()::version);
    AdminGate gate = new AdminGate(parts.adminToken(), parts.proposer());
    new PlacementAdmin(commands, parts.routes()).serve(calls, gate);
    new MemberAdmin(parts).serve(calls, gate);
    new BackupAdmin(parts, reads, commands).serve(calls, gate);
    return calls
        .on(Calls.HELLO, this::hello)
        .on(Calls.ROUTES, this::routes)
        .on(Calls.MEMBER_STATUS, (request, context) -> context.reply(parts.self().status()))
        .on(Calls.STATUS, status)
        .on(
            Calls.NAMESPACE_CREATE,
            (request, context) -> context.answer(commands.createNamespace(request)))
        .on(Calls.NAMESPACE_LIST, (request, context) -> listNamespaces(context))
        .on(Calls.REGISTER, (request, context) -> context.answer(commands.register(request)))
        .on(
            Calls.RENEW,
            (request, context) -> {
              connections.heard(request.incarnation(), context);
              context.answer(commands.renew(request));
            })
        .on(Calls.CONFIRM, (request, context) -> context.answer(commands.confirm(request)))
        .on(
            Calls.WITNESS,
            (request, context) -> {
              parts.proposer().checkLeading();
              reads.run(context, () -> context.answer(commands.witness(request)));
            })
        .on(Calls.RAISE, (request, context) -> context.answer(commands.raise(request)))
        .on(Calls.RELEASE, (request, context) -> context.answer(commands.release(request)))
        .on(
            Calls.GRANTS,
            (request, context) -> {
              connections.heard(request.incarnation(), context);
              grants.handle(request, context);
            })
        .on(Calls.HANDOVER, handover);
  }

  /**
   * While the log is replayed, the table is that of an earlier time, when namespaces that callers
   * know did not exist.
   */
  private void routes(RoutesRequest request, RpcContext<RouteDelta> context) {
    if (!parts.caughtUp().getAsBoolean()) {
      throw new RatchetException(
          ErrorCode.UNAVAILABLE, "this store node still reads its log; ask again or another one");
    }
    routesHandler.handle(request, context);
  }

  private void hello(Hello request, RpcContext<HelloReply> context) {
    MemberStatus self = parts.self().status();
    context.reply(new HelloReply("store", self.node(), self.zone(), version()));
  }

  private static String version() {
    String version = StoreDoor.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private void listNamespaces(RpcContext<NamespaceReply> context) {
    parts.proposer().checkLeading();
    context.reply(new NamespaceReply(List.copyOf(parts.routes().namespaces())));
  }

  @Override
  public void onApplied(Result result) {
    notices.onApplied(result);
    grants.onApplied(result);
  }

  /** This node leads: what a snapshot brought in was not seen as it was applied. */
  public void onLeaderStart() {
    loadNotices();
  }

  private void loadNotices() {
    reads.run(
        failure -> LOG.warn("halted sections were not looked for: {}", failure.getMessage()),
        notices::load);
  }

  /** This node leads no more: whoever waits must ask the new leader. */
  public void onLeaderStop() {
    grants.onLeaderStop();
  }

  @Override
  public void close() {
    reads.close();
  }
}
