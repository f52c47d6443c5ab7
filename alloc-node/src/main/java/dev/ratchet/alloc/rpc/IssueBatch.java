package dev.ratchet.alloc.rpc;

import dev.ratchet.alloc.barrier.Barrier;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one request as they come in, some perhaps later and on another thread. When the
 * last is in, the lease is checked once more: a number taken before a pause of the process must not
 * go out after the lease has ended. Answers of strict namespaces are confirmed by the {@link
 * Barrier} before.
 */
final class IssueBatch {
  private final Tenure tenure;
  private final Answer<IssueReply> answer;
  private final MonotonicClock clock;
  private final LongFunction<List<RouteDelta>> newerRoutes;
  private final Barrier barrier;
  private final long deadlineNanos;
  private final @Nullable IssueResult[] results;
  private final AtomicInteger open;
  private volatile boolean routesAreOld;

  /** By index, the sections of strict namespaces; null while there is none. */
  private final AtomicReference<@Nullable Section[]> strict = new AtomicReference<>();

  /**
   * {@code newerRoutes}: what to send to a caller of this route version; {@code deadlineNanos}: how
   * long strict answers may wait for the barrier.
   */
  IssueBatch(
      Tenure tenure,
      Answer<IssueReply> answer,
      MonotonicClock clock,
      LongFunction<List<RouteDelta>> newerRoutes,
      Barrier barrier,
      long deadlineNanos,
      int size) {
    this.tenure = tenure;
    this.answer = answer;
    this.clock = clock;
    this.newerRoutes = newerRoutes;
    this.barrier = barrier;
    this.deadlineNanos = deadlineNanos;
    this.results = new IssueResult[size];
    this.open = new AtomicInteger(size + 1);
  }

  Tenure tenure() {
    return tenure;
  }

  /** Numbers were taken of a section that needs no confirmation. */
  void taken(int index, long first, long epoch) {
    set(index, new IssueResult(0, first, epoch, false, ""));
  }

  /** Numbers are taken, or {@code value} is the last one. */
  void answer(int index, long value, Section section, boolean upperBound) {
    if (section.namespace().strict()) {
      strict.compareAndSet(null, new Section[results.length]);
      Objects.requireNonNull(strict.get())[index] = section;
      section.beginConfirm();
    }
    set(index, new IssueResult(0, value, section.epoch(), upperBound, ""));
  }

  void refuse(int index, ErrorCode code, String message) {
    set(index, refusal(code, message));
  }

  private IssueResult refusal(ErrorCode code, String message) {
    if (code == ErrorCode.NOT_OWNER) {
      routesAreOld = true;
    }
    return new IssueResult(code.number(), 0, 0, false, message);
  }

  private void set(int index, IssueResult result) {
    results[index] = result;
    arrived();
  }

  /** One more of the answers, or the end of the request itself, is in. */
  void arrived() {
    if (open.decrementAndGet() == 0) {
      Section[] unconfirmed = strict.get();
      if (unconfirmed == null) {
        send();
      } else {
        confirm(unconfirmed);
      }
    }
  }

  /** Before a strict answer goes out; sent after the request arrived, as the barrier must be. */
  private void confirm(@Nullable Section[] unconfirmed) {
    List<SectionEpoch> sections =
        Arrays.stream(unconfirmed)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .map(section -> section.ref())
            .distinct()
            .toList();
    barrier.confirm(
        tenure,
        sections,
        deadlineNanos,
        new Barrier.Answer() {
          @Override
          public void confirmed(Set<SectionRef> stale) {
            drop(
                unconfirmed,
                section -> stale.contains(section.ref().ref()),
                ErrorCode.NOT_OWNER,
                "the section was granted to another node during the call");
            send();
          }

          @Override
          public void failed(ErrorCode code, String message) {
            drop(unconfirmed, section -> true, code, message);
            send();
          }
        });
  }

  private void drop(
      @Nullable Section[] unconfirmed, Predicate<Section> which, ErrorCode code, String message) {
    for (int i = 0; i < unconfirmed.length; i++) {
      Section section = unconfirmed[i];
      if (section != null && which.test(section)) {
        results[i] = refusal(code, message);
      }
    }
  }

  private void send() {
    Section[] confirmed = strict.get();
    if (confirmed != null) {
      Arrays.stream(confirmed)
          .filter(Objects::nonNull)
          .map(Objects::requireNonNull)
          .forEach(Section::endConfirm);
    }
    if (!tenure.lease().isValid(clock.nanos())) {
      answer.fail(leaseEnded());
      return;
    }
    List<RouteDelta> routes =
        routesAreOld ? newerRoutes.apply(answer.callerRouteVersion()) : List.of();
    answer.reply(new IssueReply(resultList(), routes));
  }

  /** The error of a call whose numbers were taken in vain. */
  static RatchetException leaseEnded() {
    return new RatchetException(ErrorCode.LEASE_LOST, "the node's lease ended during the call");
  }

  private List<IssueResult> resultList() {
    return Arrays.stream(results).map(Objects::requireNonNull).toList();
  }
}
