package dev.ratchet.client;

import dev.ratchet.proto.message.CallItems;
import dev.ratchet.proto.message.IssueItems;
import dev.ratchet.proto.message.IssueResults;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RpcConnection;
import dev.ratchet.proto.wire.WireWriter;
import java.util.concurrent.CompletableFuture;

/** How a batch of calls is put on the wire: routed to an owner, or by name to a router. */
enum BatchFormat {
  /** {@link Calls#ISSUE}, to the sections' owner. */
  ISSUE {
    @Override
    void write(WireWriter out, Batch batch, int waitMillis) {
      for (int i = 0; i < batch.size(); i++) {
        SequenceCall call = batch.sending(i);
        IssueItems.writeItem(out, call.namespaceId, call.keyNumber, call.count(), call.triedEpoch);
      }
      IssueItems.writeTimeout(out, waitMillis);
    }
  },

  /** {@link Calls#CALL}, to a router. */
  CALL {
    @Override
    void write(WireWriter out, Batch batch, int waitMillis) {
      CallItems.Writer items = new CallItems.Writer(out);
      for (int i = 0; i < batch.size(); i++) {
        SequenceCall call = batch.sending(i);
        items.write(call.namespace(), call.key(), call.count());
      }
      items.writeTimeout(waitMillis);
    }
  };

  /** Bytes that an item takes at most beside its key and namespace. */
  private static final int ITEM_BYTES = 48;

  abstract void write(WireWriter out, Batch batch, int waitMillis);

  /**
   * Sends a batch.
   *
   * @param waitMillis how long the other side may let the calls wait
   * @param giveUpMillis when to stop listening for the answer
   */
  CompletableFuture<IssueResults> send(
      RpcConnection to, Batch batch, int waitMillis, long giveUpMillis) {
    WireWriter out = WireWriter.ofThread();
    write(out, batch, waitMillis);
    int expected = batch.size();
    Call<?, ?> call = this == ISSUE ? Calls.ISSUE : Calls.CALL;
    return to.call(call, out.take(), reply -> IssueResults.read(reply, expected), giveUpMillis);
  }

  /** Bytes that a call takes in a batch, at most. */
  int bytes(SequenceCall call) {
    return this == ISSUE ? ITEM_BYTES : ITEM_BYTES + call.key().length + call.namespace().length();
  }
}
