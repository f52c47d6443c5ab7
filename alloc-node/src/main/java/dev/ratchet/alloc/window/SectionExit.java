package dev.ratchet.alloc.window;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import java.util.List;

/**
 * The one way out of service, whatever the reason: nothing more is issued, calls that wait are
 * refused, and the counters' memory is given back once no call is inside. Confined to the control
 * thread.
 */
public final class SectionExit {
  private final WaitingRoom waitingRoom;
  private final Quiescence quiescence;

  public SectionExit(WaitingRoom waitingRoom, Quiescence quiescence) {
    this.waitingRoom = waitingRoom;
    this.quiescence = quiescence;
  }

  /** Takes sections out of a tenure for good; {@code why}: what the calls that wait are told. */
  public void leave(Tenure tenure, List<Section> sections, ErrorCode code, String why) {
    for (Section section : sections) {
      section.stop();
      tenure.sections().remove(section);
      waitingRoom.refuse(section, code, why);
    }
    quiescence.then(() -> sections.forEach(Section::discard));
  }
}
