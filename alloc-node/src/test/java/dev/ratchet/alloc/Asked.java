package dev.ratchet.alloc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Requests made of a store that a test answers by hand, in the order they were made. */
public final class Asked<Q, R> {
  private final List<Q> requests = new ArrayList<>();
  private final Queue<CompletableFuture<R>> open = new ArrayDeque<>();

  /** What the code under test calls. */
  public CompletableFuture<R> ask(Q request) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    requests.add(request);
    open.add(answer);
    return answer;
  }

  /** All requests so far. */
  public List<Q> requests() {
    return requests;
  }

  /** The last request; there must have been this many. */
  public Q last(int count) {
    assertEquals(count, requests.size(), "requests: " + requests);
    return requests.get(count - 1);
  }

  /** Requests without an answer. */
  public int open() {
    return open.size();
  }

  /** Answers the oldest open request. */
  public void answer(R reply) {
    open.remove().complete(reply);
  }

  /** Fails the oldest open request. */
  public void fail(ErrorCode code) {
    open.remove().completeExceptionally(new RatchetException(code, "said the test"));
  }

  /** Takes the oldest open request, to be answered later. */
  public CompletableFuture<R> take() {
    return open.remove();
  }
}
