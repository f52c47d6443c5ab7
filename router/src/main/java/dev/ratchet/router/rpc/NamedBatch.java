package dev.ratchet.router.rpc;

import dev.ratchet.client.SequenceCall;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.CallItems;
import dev.ratchet.proto.message.CallReply;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.IssueResults;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls of one request, made of its items; the last to be done sends the reply. The count-down
 * orders each call's answer before the reply that reads it.
 */
final class NamedBatch implements CallItems.Visitor {
  private final Answer<CallReply> answer;
  private final List<Item> items = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private int timeoutMillis;

  NamedBatch(Answer<CallReply> answer) {
    this.answer = answer;
  }

  @Override
  public void item(String namespace, byte[] key, int count) {
    items.add(new Item(namespace, key, count));
  }

  @Override
  public void timeoutMillis(int millis) {
    timeoutMillis = millis;
  }

  /** How long the caller will wait; 0 if it did not say. */
  int timeoutMillis() {
    return timeoutMillis;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** The calls, to be submitted once. */
  List<? extends SequenceCall> calls() {
    open.set(items.size());
    return items;
  }

  private void reply() {
    WireWriter out = WireWriter.ofThread();
    for (Item item : items) {
      if (item.error() != null) {
        answer.reply(new CallReply(items.stream().map(Item::result).toList()));
        return;
      }
      IssueResults.write(out, item.value(), item.epoch(), item.isUpperBound());
    }
    answer.replyEncoded(out.take());
  }

  private final class Item extends SequenceCall {
    Item(String namespace, byte[] key, int count) {
      super(namespace, key, count);
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
