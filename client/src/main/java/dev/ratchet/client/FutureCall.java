package dev.ratchet.client;

import dev.ratchet.proto.RatchetException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A call whose answer completes a future. */
final class FutureCall<T> extends SequenceCall {
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final Function<SequenceCall, T> answer;

  FutureCall(String namespace, byte[] key, int count, Function<SequenceCall, T> answer) {
    super(namespace, key, count);
    this.answer = answer;
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  protected void done() {
    RatchetException error = error();
    if (error != null) {
      future.completeExceptionally(error);
    } else {
      future.complete(answer.apply(this));
    }
  }
}
