package dev.ratchet.store.placement;

import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.store.state.Command;
import java.util.List;

/**
 * Grants sections right behind their release, by what the last {@link Round} knew: to who they are
 * on their way to, or, where their owner leaves, to whoever has least. Others are left to the next
 * round. Not thread-safe.
 */
final class Handover {
  private final Nodes nodes;
  private final List<Intents> namespaces;
  private final Tally tally;

  Handover(Nodes nodes, List<Intents> namespaces, Tally tally) {
    this.nodes = nodes;
    this.namespaces = namespaces;
    this.tally = tally;
  }

  /** The grants for sections that an incarnation gives back. */
  List<Command.Grant> of(int incarnation, List<SectionRef> released, long nowNanos) {
    GrantBatches grants = new GrantBatches();
    boolean leaves = nodes.indexOf(incarnation) < 0;
    for (int row = 0; row < namespaces.size() && nodes.count() > 0; row++) {
      Intents intents = namespaces.get(row);
      Sections homeless = new Sections();
      for (SectionRef ref : released) {
        if (ref.namespaceId() != intents.namespace().id() || ref.section() >= intents.sections()) {
          continue;
        }
        int receiver = nodes.indexOf(intents.receiver(ref.section()));
        if (receiver >= 0 && nodes.incarnation(receiver) != incarnation) {
          grant(grants, intents, ref.section(), receiver, nowNanos);
        } else if (leaves) {
          homeless.add(ref.section());
        }
      }
      int[] shared = new Receivers(tally, nodes, row).share(homeless.size(), intents.sections());
      for (int i = 0; i < homeless.size(); i++) {
        grant(grants, intents, homeless.get(i), shared[i], nowNanos);
      }
    }
    return grants.build();
  }

  private void grant(GrantBatches grants, Intents intents, int section, int node, long nowNanos) {
    int receiver = nodes.incarnation(node);
    grants.add(intents.namespace().id(), section, receiver);
    intents.grant(section, receiver, nowNanos);
  }
}
