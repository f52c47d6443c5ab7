package dev.ratchet.store.rpc;

import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.store.lead.Proposals;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.StateReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what nodes saw committed with the state of this store. Thread-safe.
 *
 * <p>The state only grows, so what is not behind as it is read here never was. What seems behind is
 * decided by an entry of the log, after all that was committed before: then it is behind for good,
 * since this store has lost entries, and the sections are halted on every member.
 */
final class RollbackGuard {
  private static final Logger LOG = LoggerFactory.getLogger(RollbackGuard.class);

  private final Proposals proposals;
  private final StateReader reader;

  RollbackGuard(Proposals proposals, StateReader reader) {
    this.proposals = proposals;
    this.reader = reader;
  }

  /**
   * The sections that are halted, now or before; costs no entry while this store is not behind. For
   * a caller whose own entry was just committed here.
   */
  CompletableFuture<List<SectionEpoch>> check(List<WitnessItem> items) {
    List<WitnessItem> doubtful = doubtful(items);
    return doubtful.isEmpty() ? CompletableFuture.completedFuture(List.of()) : decide(doubtful);
  }

  /**
   * The same with an entry always, by which the store that answers is the one that would grant: a
   * follower, or a leader that is none any more, may have true disks while others go on from old
   * ones.
   */
  CompletableFuture<List<SectionEpoch>> checkAsLeader(List<WitnessItem> items) {
    if (items.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    List<WitnessItem> doubtful = doubtful(items);
    return decide(doubtful.isEmpty() ? items.subList(0, 1) : doubtful);
  }

  private List<WitnessItem> doubtful(List<WitnessItem> items) {
    return items.stream().filter(reader::isDoubtful).toList();
  }

  private CompletableFuture<List<SectionEpoch>> decide(List<WitnessItem> items) {
    return proposals
        .propose(new Command.Witness(items))
        .thenApply(Result.Witnessed.class::cast)
        .thenApply(
            result -> {
              alarm(result);
              return result.halted();
            });
  }

  private static void alarm(Result.Witnessed result) {
    if (result.routes() != null) {
      LOG.error(
          "this store is behind what an allocation node saw committed: its disks are older than"
              + " what they once held. {} sections were halted, the first of them section {} of"
              + " namespace {}. Nobody is served there until you resume them above all numbers"
              + " issued; see 'A store that went back in time' in docs/operating.md",
          result.halted().size(),
          result.halted().get(0).section(),
          result.halted().get(0).namespaceId());
    }
  }
}
