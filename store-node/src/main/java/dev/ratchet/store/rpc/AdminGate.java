package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.AdminRequest;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.store.lead.Proposer;

/**
 * Lets operators' calls through that carry the right token, on the leader only: any other member
 * says who leads, so one place decides. Thread-safe.
 */
final class AdminGate {
  private final AdminToken token;
  private final Proposer proposer;

  AdminGate(AdminToken token, Proposer proposer) {
    this.token = token;
    this.proposer = proposer;
  }

  /** A handler that is asked only if the caller may. */
  <Q extends AdminRequest, R> RpcHandler<Q, R> guard(RpcHandler<Q, R> handler) {
    return (request, context) -> {
      proposer.checkLeading();
      check(token, request.token());
      handler.handle(request, context);
    };
  }

  /** Throws unless an operator with this secret may go on. */
  static void check(AdminToken token, String offered) {
    if (!token.isSet()) {
      throw new RatchetException(
          ErrorCode.UNAUTHORIZED,
          "admin operations are off in this cluster: the store's leader has no admin token."
              + " To switch them on, set admin.token in the settings of every store node, the same"
              + " on each, and restart them one by one");
    }
    if (!token.matches(offered)) {
      throw new RatchetException(
          ErrorCode.UNAUTHENTICATED,
          (offered.isEmpty() ? "the admin token is missing" : "the admin token is wrong")
              + ": give that of the store nodes (admin.token in their settings) with --token-file"
              + " FILE or in RATCHET_ADMIN_TOKEN, or name a local cluster's folder with --dir DIR");
    }
  }
}
