package dev.ratchet.router.rpc;

import dev.ratchet.client.SequenceCall;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.CallItem;
import dev.ratchet.proto.message.CallReply;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.rpc.RpcContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls of one request; the last to be done sends the reply. The count-down orders each call's
 * answer before the reply that reads it.
 */
final class NamedBatch {
  private final RpcContext<CallReply> context;
  private final List<Item> items;
  private final AtomicInteger open;

  NamedBatch(List<CallItem> wanted, RpcContext<CallReply> context) {
    this.context = context;
    this.items = new ArrayList<>(wanted.size());
    this.open = new AtomicInteger(wanted.size());
    wanted.forEach(item -> items.add(new Item(item)));
  }

  /** The calls, to be submitted. */
  List<? extends SequenceCall> calls() {
    return items;
  }

  private void reply() {
    context.reply(new CallReply(items.stream().map(Item::result).toList()));
  }

  private final class Item extends SequenceCall {
    Item(CallItem item) {
      super(item.namespace(), item.key(), item.count());
    }

    @Override
    protected void done() {
      if (open.decrementAndGet() == 0) {
        reply();
      }
    }

    IssueResult result() {
      RatchetException error = error();
      return error == null
          ? new IssueResult(0, value(), epoch(), isUpperBound(), "")
          : new IssueResult(error.code().number(), 0, 0, false, error.getMessage());
    }
  }
}
