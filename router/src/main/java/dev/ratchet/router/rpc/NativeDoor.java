package dev.ratchet.router.rpc;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.AdminRequest;
import dev.ratchet.proto.message.CallItems;
import dev.ratchet.proto.message.CallReply;
import dev.ratchet.proto.message.CallRequest;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RoutesHandler;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Serves the native protocol: calls by name, the router's own route table, and what it passes on to
 * the store through an allocation node. Thread-safe.
 */
public final class NativeDoor {
  private final HelloReply self;
  private final RatchetClient client;
  private final int timeoutMillis;

  /** {@code timeoutMillis}: longest deadline granted to a call. */
  public NativeDoor(
      String node, String zone, String version, RatchetClient client, int timeoutMillis) {
    this.self = new HelloReply("router", node, zone, version);
    this.client = client;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * Binds the port.
   *
   * @throws IOException that names the address when it can't be bound
   */
  public RpcServer bind(EventLoops loops, HostPort address) throws IOException {
    RpcServer.Builder calls = RpcServer.builder(client.routes()::version);
    Calls.ADMIN.forEach(call -> relay(calls, call));
    return calls
        .on(Calls.HELLO, (hello, context) -> context.reply(self))
        .on(Calls.CALL, this::quickCall, this::call)
        .on(Calls.ROUTES, new RoutesHandler(client.routes()))
        .on(
            Calls.NAMESPACE_CREATE,
            (wanted, context) ->
                context.answer(
                    client
                        .createNamespace(wanted)
                        .thenApply(made -> new NamespaceReply(List.of(made)))))
        .on(
            Calls.NAMESPACE_LIST,
            (empty, context) -> context.answer(client.namespaces().thenApply(NamespaceReply::new)))
        .on(Calls.STATUS, (empty, context) -> context.answer(client.status()))
        .bind(loops, address);
  }

  private <Q extends AdminRequest, R> void relay(RpcServer.Builder calls, Call<Q, R> call) {
    calls.on(call, (request, context) -> context.answer(client.admin(call, request)));
  }

  private boolean quickCall(byte[] request, Answer<CallReply> answer) {
    NamedBatch batch = new NamedBatch(answer);
    if (!CallItems.read(request, batch) || batch.isEmpty()) {
      return false;
    }
    submit(batch);
    return true;
  }

  private void call(CallRequest request, RpcContext<CallReply> context) {
    int keys = request.items().size();
    if (keys > Limits.MAX_BATCH) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT,
          "a batch has at most " + Limits.MAX_BATCH + " keys; this one has " + keys);
    }
    if (keys == 0) {
      context.reply(new CallReply(List.of()));
      return;
    }
    NamedBatch batch = new NamedBatch(context);
    request.items().forEach(item -> batch.item(item.namespace(), item.key(), item.count()));
    batch.timeoutMillis(request.timeoutMillis());
    submit(batch);
  }

  private void submit(NamedBatch batch) {
    int millis = batch.timeoutMillis();
    long granted = millis > 0 ? Math.min(millis, timeoutMillis) : timeoutMillis;
    client.submitAll(batch.calls(), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(granted));
  }
}
