package dev.ratchet.alloc.window;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.JJJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Calls that enter on event loops, against what the control thread does with their line. Entries: 0
 * waits, 1 was served at once, 2 found the room full.
 */
public class WaitingRoomStress {
  private static final Namespace STRING = Namespace.string("s", 1, 10).withId(2);
  private static final long KEY = 5;

  /** A section whose only number is taken. */
  private static Section usedUp() {
    Section section = Section.granted(STRING, 0, 3, 0, 1, new CounterMemory(1 << 20));
    section.take(KEY, 1);
    return section;
  }

  /** What a call heard: how often, and the last number, 0 for a refusal. */
  private static final class Heard implements WaitingCall.Answer {
    final AtomicInteger times = new AtomicInteger();
    volatile long number;

    @Override
    public void taken(long first) {
      number = first;
      times.incrementAndGet();
    }

    @Override
    public void refused(ErrorCode code, String message) {
      times.incrementAndGet();
    }
  }

  private static int enteredAs(WaitingRoom room, Section section, WaitingCall call) {
    return switch (room.enter(section, call)) {
      case WAITS -> 0;
      case SERVED -> 1;
      case FULL -> 2;
    };
  }

  private static WaitingCall call(Heard heard) {
    return new WaitingCall(KEY, 1, 100, heard);
  }

  @JCStressTest
  @Outcome(id = "0, 1, 2, 0", expect = ACCEPTABLE, desc = "It waited, and the raise served it.")
  @Outcome(id = "1, 1, 2, 0", expect = ACCEPTABLE, desc = "It came after the raise.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for ever, or was answered twice.")
  @State
  public static class EnterAgainstARaise {
    private final Section section = usedUp();
    private final WaitingRoom room = new WaitingRoom(10);
    private final Heard heard = new Heard();

    @Actor
    public void enter(JJJJ_Result r) {
      r.r1 = enteredAs(room, section, call(heard));
    }

    @Actor
    public void raise() {
      section.raised(10);
      room.serve(section);
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r2 = heard.times.get();
      r.r3 = heard.number;
      r.r4 = room.size();
    }
  }

  @JCStressTest
  @Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "It waited, and was refused.")
  @Outcome(id = "1, 1, 0, 0", expect = ACCEPTABLE, desc = "It came after the stop.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for ever, was answered twice, or got a number.")
  @State
  public static class EnterAgainstAStop {
    private final Section section = usedUp();
    private final WaitingRoom room = new WaitingRoom(10);
    private final Heard heard = new Heard();

    @Actor
    public void enter(JJJJ_Result r) {
      r.r1 = enteredAs(room, section, call(heard));
    }

    @Actor
    public void leave() {
      section.stop();
      room.refuse(section, ErrorCode.NOT_OWNER, "");
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r2 = heard.times.get();
      r.r3 = heard.number;
      r.r4 = room.size();
    }
  }

  @JCStressTest
  @Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "It had entered, and expired.")
  @Outcome(id = "0, 0, 0, 1", expect = ACCEPTABLE, desc = "It came after, and waits.")
  @Outcome(expect = FORBIDDEN, desc = "It is answered and waits, or neither.")
  @State
  public static class EnterAgainstExpiry {
    private final Section section = usedUp();
    private final WaitingRoom room = new WaitingRoom(10);
    private final Heard heard = new Heard();

    @Actor
    public void enter(JJJJ_Result r) {
      r.r1 = enteredAs(room, section, call(heard));
    }

    @Actor
    public void expire() {
      room.expire(200);
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r2 = heard.times.get();
      r.r3 = heard.number;
      r.r4 = room.size();
    }
  }

  @JCStressTest
  @Outcome(id = "0, 2, 1", expect = ACCEPTABLE, desc = "The first call had the place.")
  @Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "The second call had the place.")
  @Outcome(expect = FORBIDDEN, desc = "The bound was exceeded, or a free place refused.")
  @State
  public static class ThePlaceOfOne {
    private final Section section = usedUp();
    private final WaitingRoom room = new WaitingRoom(1);

    @Actor
    public void one(III_Result r) {
      r.r1 = enteredAs(room, section, call(new Heard()));
    }

    @Actor
    public void two(III_Result r) {
      r.r2 = enteredAs(room, section, call(new Heard()));
    }

    @Arbiter
    public void after(III_Result r) {
      r.r3 = room.size();
    }
  }

  /** Two calls of one connection, the second served directly if nobody seems to wait. */
  @JCStressTest
  @Outcome(id = "2, 3", expect = ACCEPTABLE, desc = "Their numbers are in their order.")
  @Outcome(expect = FORBIDDEN, desc = "The later call overtook, or one was not served.")
  @State
  public static class NoOvertaking {
    private final Section section = usedUp();
    private final WaitingRoom room = new WaitingRoom(10);
    private final Heard first = new Heard();
    private final Heard second = new Heard();

    @Actor
    public void calls() {
      WaitingRoom.Entry unused = room.enter(section, call(first));
      long taken = room.isWaiting(section) ? Section.ABOVE_CEILING : section.take(KEY, 1);
      if (taken == Section.ABOVE_CEILING) {
        unused = room.enter(section, call(second));
      } else {
        second.taken(taken);
      }
    }

    @Actor
    public void raise() {
      section.raised(10);
      room.serve(section);
    }

    @Arbiter
    public void after(JJ_Result r) {
      r.r1 = first.number;
      r.r2 = second.number;
    }
  }
}
