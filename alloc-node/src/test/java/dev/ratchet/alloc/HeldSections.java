package dev.ratchet.alloc;

import dev.ratchet.alloc.lease.Lease;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.lease.Witness;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.key.Namespace;
import java.util.ArrayList;
import java.util.List;

/** A tenure with what serves its sections, on a control thread whose time stands still. */
public final class HeldSections {
  public final ManualControl control = new ManualControl();

  /** An event loop that calls may be on; it comes round when a test runs it. */
  public final ManualControl loop = new ManualControl();

  public final CounterMemory memory = new CounterMemory(1 << 24);
  public final WaitingRoom room = new WaitingRoom(100);
  public final Quiescence quiescence = new Quiescence(List.of(loop), control);
  public final SectionExit exit = new SectionExit(room, quiescence);
  public final Witness witness = new Witness();
  public final Tenure tenure = newTenure(7);
  public final Namespace namespace = Namespace.string("s", 50, 10).withId(1);

  /** Tenures told to be lost, each ended at once as a keeper would. */
  public final List<Tenure> lost = new ArrayList<>();

  public Tenure newTenure(int incarnation) {
    Lease lease = new Lease(incarnation, 1_000_000_000_000L, control.nanos());
    lease.renewed(control.nanos());
    return new Tenure(lease);
  }

  /** Holds a section of 10 numbers a step, as granted. */
  public Section hold(int index, long epoch, long base, long maxSeq) {
    return hold(namespace, index, epoch, base, maxSeq);
  }

  public Section hold(Namespace of, int index, long epoch, long base, long maxSeq) {
    Section section = Section.granted(of, index, epoch, base, maxSeq, memory);
    tenure.sections().put(section);
    return section;
  }

  /** What a keeper and a node do when a tenure is over. */
  public void lose(Tenure over) {
    lost.add(over);
    over.lease().end(control.nanos());
  }

  /** Runs all that is due, on the loop and on the control thread. */
  public void run() {
    for (int round = 0; round < 5; round++) {
      loop.run();
      control.run();
    }
  }
}
