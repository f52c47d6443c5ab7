package dev.ratchet.client;

import dev.ratchet.proto.message.CallItem;
import dev.ratchet.proto.message.CallRequest;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RpcConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How a batch of calls is put on the wire: routed to an owner, or by name to a router. */
enum BatchFormat {
  /** {@link Calls#ISSUE}, to the sections' owner. */
  ISSUE {
    @Override
    CompletableFuture<IssueReply> send(
        RpcConnection to, Batch batch, int waitMillis, long giveUpMillis) {
      List<IssueItem> items = new ArrayList<>(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        SequenceCall call = batch.sending(i);
        items.add(new IssueItem(call.namespaceId, call.keyNumber, call.count(), call.triedEpoch));
      }
      return to.call(Calls.ISSUE, new IssueRequest(items, waitMillis), giveUpMillis);
    }
  },

  /** {@link Calls#CALL}, to a router. */
  CALL {
    @Override
    CompletableFuture<IssueReply> send(
        RpcConnection to, Batch batch, int waitMillis, long giveUpMillis) {
      List<CallItem> items = new ArrayList<>(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        SequenceCall call = batch.sending(i);
        items.add(new CallItem(call.namespace(), call.key(), call.count()));
      }
      return to.call(Calls.CALL, new CallRequest(items, waitMillis), giveUpMillis)
          .thenApply(reply -> new IssueReply(reply.results(), List.of()));
    }
  };

  /** Bytes that an item takes at most beside its key and namespace. */
  private static final int ITEM_BYTES = 48;

  /**
   * Sends a batch.
   *
   * @param waitMillis how long the other side may let the calls wait
   * @param giveUpMillis when to stop listening for the answer
   */
  abstract CompletableFuture<IssueReply> send(
      RpcConnection to, Batch batch, int waitMillis, long giveUpMillis);

  /** Bytes that a call takes in a batch, at most. */
  int bytes(SequenceCall call) {
    return this == ISSUE ? ITEM_BYTES : ITEM_BYTES + call.key().length + call.namespace().length();
  }
}
