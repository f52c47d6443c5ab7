package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.BalanceReply;
import dev.ratchet.proto.message.BalanceRequest;
import dev.ratchet.proto.message.DrainReply;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.message.MoveReply;
import dev.ratchet.proto.message.MoveRequest;
import dev.ratchet.proto.message.ResumeReply;
import dev.ratchet.proto.message.ResumeRequest;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;

/** Operators' calls about who owns what. */
final class PlacementAdmin {
  private final CommandHandlers commands;
  private final RouteTable routes;

  PlacementAdmin(CommandHandlers commands, RouteTable routes) {
    this.commands = commands;
    this.routes = routes;
  }

  /** Serves its calls behind a gate. */
  void serve(RpcServer.Builder calls, AdminGate gate) {
    calls.on(Calls.DRAIN, gate.guard(this::drain));
    calls.on(Calls.MOVE, gate.guard(this::move));
    calls.on(Calls.BALANCE, gate.guard(this::balance));
    calls.on(Calls.RESUME, gate.guard(this::resume));
  }

  private void drain(DrainRequest request, RpcContext<DrainReply> context) {
    context.answer(
        commands
            .propose(new Command.Drain(request.node(), request.undo()), Result.Drained.class)
            .thenApply(result -> new DrainReply(result.lease().incarnation())));
  }

  private void move(MoveRequest request, RpcContext<MoveReply> context) {
    int namespace = idOf(request.namespace());
    Command pin = new Command.Pin(namespace, request.section(), request.node());
    context.answer(
        commands
            .propose(pin, Result.Pinned.class)
            .thenApply(result -> new MoveReply(result.pin().incarnation())));
  }

  private int idOf(String name) {
    Namespace namespace = routes.namespace(name);
    if (namespace == null) {
      throw new RatchetException(
          ErrorCode.UNKNOWN_NAMESPACE,
          "there is no namespace '" + name + "': `ratchet namespace list` shows all");
    }
    return namespace.id();
  }

  private void resume(ResumeRequest request, RpcContext<ResumeReply> context) {
    Command resume =
        new Command.Resume(
            idOf(request.namespace()), request.first(), request.count(), request.jump());
    context.answer(
        commands
            .propose(resume, Result.Resumed.class)
            .thenApply(result -> new ResumeReply(result.resumed(), result.exhausted())));
  }

  private void balance(BalanceRequest request, RpcContext<BalanceReply> context) {
    context.answer(
        commands
            .propose(new Command.Unpin(), Result.Unpinned.class)
            .thenApply(result -> new BalanceReply(result.count())));
  }
}
