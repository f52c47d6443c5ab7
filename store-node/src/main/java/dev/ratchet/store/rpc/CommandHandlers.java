package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.store.lead.LeaderDuties;
import dev.ratchet.store.lead.Proposer;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Calls that are commands: each becomes one entry of the log, answered when it is committed and
 * applied here. Entries that come together share one write to the disk.
 */
final class CommandHandlers {
  private final Proposer proposer;
  private final LeaderDuties duties;
  private final RouteTable routes;
  private final MemberBook book;

  CommandHandlers(Proposer proposer, LeaderDuties duties, RouteTable routes, MemberBook book) {
    this.book = book;
    this.proposer = proposer;
    this.duties = duties;
    this.routes = routes;
  }

  void register(RegisterRequest request, RpcContext<RegisterReply> context) {
    Command command =
        new Command.Register(
            request.node(),
            request.zone(),
            request.host(),
            request.port(),
            request.process(),
            request.holderMillis());
    context.answer(
        propose(command, Result.Registered.class)
            .thenApply(result -> new RegisterReply(result.lease().incarnation())));
  }

  void renew(RenewRequest request, RpcContext<RenewReply> context) {
    int incarnation = request.incarnation();
    context.answer(
        propose(new Command.Renew(incarnation, request.leaving()), Result.Renewed.class)
            .thenApply(
                result ->
                    new RenewReply(
                        routes.version(), duties.wantedReleases(incarnation), book.addresses())));
  }

  void raise(RaiseRequest request, RpcContext<RaiseReply> context) {
    context.answer(
        propose(new Command.Raise(request.incarnation(), request.items()), Result.Raised.class)
            .thenApply(result -> new RaiseReply(result.results())));
  }

  void release(ReleaseRequest request, RpcContext<ReleaseReply> context) {
    Command command = new Command.Release(request.incarnation(), request.items(), request.leave());
    context.answer(
        propose(command, Result.Released.class)
            .thenApply(result -> new ReleaseReply(result.results())));
  }

  void createNamespace(Namespace namespace, RpcContext<NamespaceReply> context) {
    context.answer(
        propose(new Command.CreateNamespace(namespace), Result.NamespaceCreated.class)
            .thenApply(result -> new NamespaceReply(List.of(result.namespace()))));
  }

  /** Proposes a command; the future gives its result, of the type it must have. */
  <R extends Result> CompletableFuture<R> propose(Command command, Class<R> type) {
    return proposer
        .propose(command)
        .thenApply(
            result -> {
              if (type.isInstance(result)) {
                return type.cast(result);
              }
              throw new RatchetException(ErrorCode.INTERNAL, command + " came to " + result);
            });
  }
}
