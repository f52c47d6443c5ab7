package dev.ratchet.client;

import dev.ratchet.proto.RatchetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls of one batch of keys; the last to be done completes the future. The count-down orders
 * each call's answer before it is read here.
 */
final class NextAll {
  private final CompletableFuture<List<Numbers>> future = new CompletableFuture<>();
  private final List<Item> items;
  private final AtomicInteger open;

  /** At least one key. */
  NextAll(String namespace, List<String> keys) {
    items = new ArrayList<>(keys.size());
    open = new AtomicInteger(keys.size());
    for (String key : keys) {
      items.add(new Item(namespace, key.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The calls, to be submitted. */
  List<? extends SequenceCall> calls() {
    return items;
  }

  /** The numbers in the order of the keys, or the error of the first that failed. */
  CompletableFuture<List<Numbers>> future() {
    return future;
  }

  private void complete() {
    List<Numbers> all = new ArrayList<>(items.size());
    for (Item item : items) {
      RatchetException error = item.error();
      if (error != null) {
        future.completeExceptionally(error);
        return;
      }
      all.add(new Numbers(item.value(), 1, item.epoch()));
    }
    future.complete(Collections.unmodifiableList(all));
  }

  private final class Item extends SequenceCall {
    Item(String namespace, byte[] key) {
      super(namespace, key, 1);
    }

    @Override
    protected void done() {
      if (open.decrementAndGet() == 0) {
        complete();
      }
    }
  }
}
