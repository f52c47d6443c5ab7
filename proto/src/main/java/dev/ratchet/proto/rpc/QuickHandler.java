package dev.ratchet.proto.rpc;

/**
 * Serves those requests of one kind of call that it can read and answer without making messages of
 * them, on the event loop they arrived on; see {@link RpcHandler} for all others.
 */
@FunctionalInterface
public interface QuickHandler<R> {
  /**
   * Serves a call, or leaves it.
   *
   * @param request the message's bytes, which are not changed
   * @return whether the call is this one's, which answers it; if not, nothing was done
   */
  boolean handle(byte[] request, Answer<R> answer);
}
