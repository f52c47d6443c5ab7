package dev.ratchet.alloc.rpc;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItems;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueResults;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.QuickHandler;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.proto.wire.WireWriter;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves requests for numbers that are there, without an object a number: from the request's bytes
 * to the answer's. The rules are those of {@link IssueHandler}, which serves whatever must wait, be
 * confirmed by the store or be refused: whole requests, or what is left of one once it comes to
 * such an item. Thread-safe.
 */
public final class QuickIssue implements QuickHandler<IssueReply> {
  private static final FastThreadLocal<Scratch> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  private final Supplier<@Nullable Tenure> tenures;
  private final RouteTable routes;
  private final DirectIssue direct;
  private final IssueHandler handler;
  private final MonotonicClock clock;

  /** {@code direct}: takes the numbers; {@code handler}: serves what is left. */
  public QuickIssue(
      Supplier<@Nullable Tenure> tenures,
      RouteTable routes,
      DirectIssue direct,
      IssueHandler handler,
      MonotonicClock clock) {
    this.tenures = tenures;
    this.routes = routes;
    this.direct = direct;
    this.handler = handler;
    this.clock = clock;
  }

  @Override
  public boolean handle(byte[] request, Answer<IssueReply> answer) {
    Tenure tenure = tenures.get();
    if (tenure == null || !tenure.lease().isValid(clock.nanos())) {
      return false;
    }
    Scratch scratch = SCRATCH.get();
    if (!scratch.items.read(request)) {
      return false;
    }
    scratch.results.clear();
    long numbers = takeAll(tenure, scratch.items, scratch.results);
    int done = scratch.results.size();
    if (done == 0) {
      return false;
    }
    handler.issued(numbers);
    if (done < scratch.items.size()) {
      handler.goOn(tenure, scratch.items.toRequest(), scratch.results, answer);
    } else if (tenure.lease().isValid(clock.nanos())) {
      WireWriter out = WireWriter.ofThread();
      scratch.results.write(out);
      answer.replyEncoded(out.take());
    } else {
      answer.fail(IssueBatch.leaseEnded());
    }
    return true;
  }

  /** Takes the numbers of items up to the first that is not plain; how many numbers that were. */
  private long takeAll(Tenure tenure, IssueItems items, IssueResults results) {
    Namespace namespace = null;
    long numbers = 0;
    for (int i = 0; i < items.size(); i++) {
      int id = items.namespaceId(i);
      if (namespace == null || namespace.id() != id) {
        namespace = routes.namespace(id);
      }
      int count = items.count(i);
      long key = items.key(i);
      if (namespace == null || !namespace.contains(key) || count < 1 || count > Limits.MAX_COUNT) {
        break;
      }
      long epoch = items.epoch(i);
      long first = direct.take(tenure, id, namespace.sectionOf(key), epoch, key, count);
      if (first == DirectOwner.NOT_NOW) {
        break;
      }
      results.add(first, epoch, false);
      numbers += count;
    }
    return numbers;
  }

  /** What a thread uses for one request after the other. */
  private static final class Scratch {
    final IssueItems items = new IssueItems();
    final IssueResults results = new IssueResults(16);
  }
}
