package dev.ratchet.alloc;

import dev.ratchet.alloc.handover.Positions;
import dev.ratchet.alloc.handover.Releaser;
import dev.ratchet.alloc.lease.Lease;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueItems;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResults;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.proto.wire.WireWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the code of calls and of handovers before anyone waits for it: a JVM loads and links code at
 * its first use, which would make the first callers of a node, and those of one that leaves, wait
 * for a tenth of a second.
 *
 * <p>Nothing that the node serves takes part: the sections are of a tenure of their own, which no
 * store knows of, and the calls are refused, since the node has no lease yet.
 */
final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  static final int ROUNDS = 200;
  private static final Namespace KEYS = Namespace.string("rehearsal", 1, 100).withId(1);
  private static final IssueRequest CALL =
      new IssueRequest(List.of(new IssueItem(1, 1, 1, 1), new IssueItem(1, 2, 1, 1)), 100);
  private static final int MOST_MILLIS = 1_000;

  private final EventLoops loops;
  private final ScheduledExecutorService control;
  private final MonotonicClock clock;
  private final int mostMillis;
  private final CounterMemory memory = new CounterMemory(1 << 20);

  /** {@code control}: the control thread, with nothing to do yet. */
  Rehearsal(EventLoops loops, ScheduledExecutorService control, MonotonicClock clock) {
    this(loops, control, clock, MOST_MILLIS);
  }

  /** {@code mostMillis}: longest time that a release or the calls are waited for. */
  Rehearsal(
      EventLoops loops, ScheduledExecutorService control, MonotonicClock clock, int mostMillis) {
    this.mostMillis = mostMillis;
    this.loops = loops;
    this.control = control;
    this.clock = clock;
  }

  /** Rehearses, for some seconds at most; {@code self}: where the node listens. */
  void run(HostPort self) {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        handOver(Namespace.uid("rehearsal", 9, 10, 100).withId(1));
        handOver(KEYS);
        readAndWrite();
      }
      leave();
      call(self);
    } catch (RuntimeException e) {
      LOG.warn("the rehearsal failed; the first calls will take longer", e);
    }
  }

  private Section used(Namespace namespace) {
    Section section = Section.granted(namespace, 0, 1, 0, 100, memory);
    section.take(1, 1);
    return section;
  }

  private void handOver(Namespace namespace) {
    Section given = used(namespace);
    given.stop();
    Grant grant = new Grant(1, 0, 2, 0, 100, 1).with(Positions.encode(given).get(0));
    given.discard();
    byte[] told = GrantsReply.SCHEMA.encode(new GrantsReply(1, List.of(grant)));
    for (Grant heard : GrantsReply.SCHEMA.decode(told).grants()) {
      Section taken =
          Section.granted(namespace, 0, heard.epoch(), heard.base(), heard.maxSeq(), memory);
      Positions.load(heard.positions(), heard.base(), taken);
      taken.discard();
    }
  }

  /** What calls do once there is a lease. */
  private static void readAndWrite() {
    IssueItems items = new IssueItems();
    items.read(IssueRequest.SCHEMA.encode(CALL));
    IssueResults results = new IssueResults(items.size());
    for (int i = 0; i < items.size(); i++) {
      results.add(1_000, items.epoch(i), false);
    }
    WireWriter out = WireWriter.ofThread();
    results.write(out);
    IssueReply.SCHEMA.decode(out.take());
  }

  private void leave() {
    WaitingRoom room = new WaitingRoom(1);
    Quiescence quiescence = new Quiescence(loops.group(), control);
    SectionExit exit = new SectionExit(room, quiescence);
    Releaser releaser =
        new Releaser(Rehearsal::takeBack, quiescence, room, exit, control, clock, stuck -> {});
    Tenure tenure = new Tenure(new Lease(1, TimeUnit.SECONDS.toNanos(1), clock.nanos()));
    tenure.sections().put(used(KEYS));
    CompletableFuture<Void> left = new CompletableFuture<>();
    control.execute(
        () ->
            releaser
                .release(tenure, tenure.sections().all(), true)
                .thenRun(() -> left.complete(null)));
    left.orTimeout(mostMillis, TimeUnit.MILLISECONDS).join();
  }

  private static CompletableFuture<ReleaseReply> takeBack(ReleaseRequest request) {
    byte[] sent = ReleaseRequest.SCHEMA.encode(request);
    int items = ReleaseRequest.SCHEMA.decode(sent).items().size();
    List<RaiseResult> taken = Collections.nCopies(items, new RaiseResult(0, 1, 100));
    return CompletableFuture.completedFuture(new ReleaseReply(taken));
  }

  private void call(HostPort self) {
    try (RpcPeer caller = new RpcPeer(loops, self, () -> 0L, version -> {})) {
      List<CompletableFuture<?>> answers = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        answers.add(caller.call(Calls.ISSUE, CALL, mostMillis).exceptionally(refused -> null));
      }
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .orTimeout(mostMillis, TimeUnit.MILLISECONDS)
          .join();
    }
  }
}
