package dev.ratchet.alloc;

import dev.ratchet.alloc.handover.Positions;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the code of calls and of handovers before anyone waits for it: a JVM loads and links code at
 * its first use, which would make the first callers of a node wait for a tenth of a second.
 *
 * <p>Nothing that the node serves takes part: the sections are of a table of their own, and the
 * calls are refused, since the node has no lease yet.
 */
final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  static final int ROUNDS = 200;
  private static final int CALL_MILLIS = 200;
  private static final int MOST_MILLIS = 1_000;

  private Rehearsal() {}

  /** Rehearses, for a second at most; {@code self}: where the node listens. */
  static void run(EventLoops loops, HostPort self) {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        handOver(Namespace.uid("rehearsal", 9, 10, 100).withId(1));
        handOver(Namespace.string("rehearsal", 1, 100).withId(1));
      }
      call(loops, self);
    } catch (RuntimeException e) {
      LOG.warn("the rehearsal of calls failed; the first calls will take longer", e);
    }
  }

  private static void handOver(Namespace namespace) {
    CounterMemory memory = new CounterMemory(1 << 20);
    Section given = Section.granted(namespace, 0, 1, 0, 100, memory);
    given.take(1, 1);
    given.stop();
    Grant grant = new Grant(1, 0, 2, 0, 100, 1).with(Positions.encode(given).get(0));
    given.discard();
    GrantsReply told = new GrantsReply(1, List.of(grant));
    for (Grant heard : GrantsReply.SCHEMA.decode(GrantsReply.SCHEMA.encode(told)).grants()) {
      Section taken =
          Section.granted(namespace, 0, heard.epoch(), heard.base(), heard.maxSeq(), memory);
      Positions.load(heard.positions(), heard.base(), taken);
      taken.discard();
    }
  }

  private static void call(EventLoops loops, HostPort self) {
    IssueRequest request =
        new IssueRequest(List.of(new IssueItem(1, 1, 1, 1), new IssueItem(1, 2, 1, 1)), 100);
    try (RpcPeer caller = new RpcPeer(loops, self, () -> 0L, version -> {})) {
      List<CompletableFuture<?>> answers = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        answers.add(caller.call(Calls.ISSUE, request, CALL_MILLIS).exceptionally(refused -> null));
      }
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .orTimeout(MOST_MILLIS, TimeUnit.MILLISECONDS)
          .join();
    }
  }
}
