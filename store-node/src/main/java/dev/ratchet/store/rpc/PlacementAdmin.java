package dev.ratchet.store.rpc;

import dev.ratchet.proto.message.DrainReply;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;

/** Operators' calls about who owns what. */
final class PlacementAdmin {
  private final CommandHandlers commands;

  PlacementAdmin(CommandHandlers commands) {
    this.commands = commands;
  }

  /** Serves its calls behind a gate. */
  void serve(RpcServer.Builder calls, AdminGate gate) {
    calls.on(Calls.DRAIN, gate.guard(this::drain));
  }

  private void drain(DrainRequest request, RpcContext<DrainReply> context) {
    context.answer(
        commands
            .propose(new Command.Drain(request.node(), request.undo()), Result.Drained.class)
            .thenApply(result -> new DrainReply(result.lease().incarnation())));
  }
}
