package dev.ratchet.proto.rpc;

/** Serves one kind of call, on the event loop it arrived on: it must not block. */
@FunctionalInterface
public interface RpcHandler<Q, R> {
  /** Serves a call; a {@link dev.ratchet.proto.RatchetException} thrown becomes the answer. */
  void handle(Q request, RpcContext<R> context);
}
