package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.store.lead.AppliedListener;
import dev.ratchet.store.lead.Proposer;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.StateReader;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Serves grants by long poll. Thread-safe.
 *
 * <p>Invariants: at most one call an incarnation waits, so living leases bound them; a waiting call
 * is answered by the first grant, its lease's end, the end of leadership or its own time, whichever
 * comes first, and once.
 */
final class GrantsHandler implements RpcHandler<GrantsRequest, GrantsReply>, AppliedListener {
  /** Longest wait granted to one call. */
  static final int MAX_WAIT_MILLIS = 30_000;

  private final GrantsQuery query;
  private final StateReader reader;
  private final Proposer proposer;
  private final Reads reads;
  private final Map<Integer, Poll> waiting = new ConcurrentHashMap<>();

  GrantsHandler(GrantsQuery query, StateReader reader, Proposer proposer, Reads reads) {
    this.query = query;
    this.reader = reader;
    this.proposer = proposer;
    this.reads = reads;
  }

  @Override
  public void handle(GrantsRequest request, RpcContext<GrantsReply> context) {
    proposer.checkLeading();
    Poll poll = new Poll(request, context);
    reads.run(poll::fail, () -> serve(poll));
  }

  private void serve(Poll poll) {
    if (poll.isOver()) {
      return;
    }
    try {
      look(poll);
    } catch (RuntimeException e) {
      // It is answered with the error, so it must not be found waiting.
      waiting.remove(poll.request.incarnation(), poll);
      throw e;
    }
  }

  private void look(Poll poll) {
    int incarnation = poll.request.incarnation();
    // It waits before it looks, so that a grant between the two wakes it.
    Poll former = waiting.put(incarnation, poll);
    if (former != null && former != poll) {
      former.answerNothing();
    }
    proposer.checkLeading();
    if (reader.lease(incarnation) == null) {
      throw leaseOver(incarnation);
    }
    GrantsReply reply = query.since(incarnation, poll.request.version());
    if (!reply.grants().isEmpty()) {
      waiting.remove(incarnation, poll);
      poll.answer(reply);
    } else if (poll.request.waitMillis() <= 0) {
      waiting.remove(incarnation, poll);
      poll.answerNothing();
    } else {
      poll.arm(() -> waiting.remove(incarnation, poll));
    }
  }

  static RatchetException leaseOver(int incarnation) {
    return new RatchetException(
        ErrorCode.STALE_INCARNATION,
        "the lease of incarnation " + incarnation + " is over: register anew");
  }

  @Override
  public void onApplied(Result result) {
    if (waiting.isEmpty()) {
      return;
    }
    RouteDelta routes = result.routes();
    if (routes != null) {
      for (SectionRun run : routes.runs()) {
        wake(run.owner());
      }
    }
    if (result instanceof Result.Expired expired) {
      wake(expired.incarnation());
    }
  }

  private void wake(int incarnation) {
    Poll poll = waiting.remove(incarnation);
    if (poll != null) {
      reads.run(poll::fail, () -> serve(poll));
    }
  }

  /** This node leads no more: whoever waits must ask the new leader. */
  void onLeaderStop() {
    for (Integer incarnation : List.copyOf(waiting.keySet())) {
      Poll poll = waiting.remove(incarnation);
      if (poll != null) {
        poll.fail(proposer.notLeader());
      }
    }
  }

  /** A call that waits. */
  private static final class Poll {
    final GrantsRequest request;
    final RpcContext<GrantsReply> context;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Future<?> timer;

    Poll(GrantsRequest request, RpcContext<GrantsReply> context) {
      this.request = request;
      this.context = context;
    }

    boolean isOver() {
      return over.get();
    }

    void answer(GrantsReply reply) {
      if (end()) {
        context.reply(reply);
      }
    }

    void answerNothing() {
      answer(new GrantsReply(request.version(), List.of()));
    }

    void fail(RatchetException error) {
      if (end()) {
        context.fail(error);
      }
    }

    /** Begins its time, unless it has begun. */
    void arm(Runnable leave) {
      if (timer == null) {
        int millis = Math.min(request.waitMillis(), MAX_WAIT_MILLIS);
        timer =
            context
                .eventLoop()
                .schedule(
                    () -> {
                      leave.run();
                      answerNothing();
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
      }
    }

    private boolean end() {
      boolean first = over.compareAndSet(false, true);
      Future<?> running = timer;
      if (first && running != null) {
        running.cancel(false);
      }
      return first;
    }
  }
}
