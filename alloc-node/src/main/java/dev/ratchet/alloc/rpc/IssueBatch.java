package dev.ratchet.alloc.rpc;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one request as they come in, some perhaps later and on another thread. When the
 * last is in, the lease is checked once more: a number taken before a pause of the process must not
 * go out after the lease has ended.
 */
final class IssueBatch {
  private final Tenure tenure;
  private final Answer<IssueReply> answer;
  private final MonotonicClock clock;
  private final LongFunction<List<RouteDelta>> newerRoutes;
  private final @Nullable IssueResult[] results;
  private final AtomicInteger open;
  private volatile boolean routesAreOld;

  /** {@code newerRoutes}: what to send to a caller of this route version. */
  IssueBatch(
      Tenure tenure,
      Answer<IssueReply> answer,
      MonotonicClock clock,
      LongFunction<List<RouteDelta>> newerRoutes,
      int size) {
    this.tenure = tenure;
    this.answer = answer;
    this.clock = clock;
    this.newerRoutes = newerRoutes;
    this.results = new IssueResult[size];
    this.open = new AtomicInteger(size + 1);
  }

  Tenure tenure() {
    return tenure;
  }

  /** Numbers are taken, or {@code value} is the last one. */
  void answer(int index, long value, long epoch, boolean upperBound) {
    set(index, new IssueResult(0, value, epoch, upperBound, ""));
  }

  void refuse(int index, ErrorCode code, String message) {
    if (code == ErrorCode.NOT_OWNER) {
      routesAreOld = true;
    }
    set(index, new IssueResult(code.number(), 0, 0, false, message));
  }

  private void set(int index, IssueResult result) {
    results[index] = result;
    arrived();
  }

  /** One more of the answers, or the end of the request itself, is in. */
  void arrived() {
    if (open.decrementAndGet() == 0) {
      send();
    }
  }

  private void send() {
    if (!tenure.lease().isValid(clock.nanos())) {
      answer.fail(
          new RatchetException(ErrorCode.LEASE_LOST, "the node's lease ended during the call"));
      return;
    }
    List<RouteDelta> routes =
        routesAreOld ? newerRoutes.apply(answer.callerRouteVersion()) : List.of();
    answer.reply(new IssueReply(resultList(), routes));
  }

  private List<IssueResult> resultList() {
    return Arrays.stream(results).map(java.util.Objects::requireNonNull).toList();
  }
}
