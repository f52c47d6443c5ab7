package dev.ratchet.proto.route;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Look-ups of routes while a delta is taken in. Owner 0: nobody serves the section. */
public class RouteTableStress {
  private static final Namespace NAMESPACE = Namespace.string("s", 2, 10).withId(1);

  /** Section 0 is owned by the incarnation of the epoch's number, which alone lives. */
  private static RouteDelta delta(long from, long version, int epoch) {
    return new RouteDelta(
        from,
        version,
        List.of(NAMESPACE),
        List.of(new OwnerInfo(epoch, "n", "z", "host", 1, false, false)),
        List.of(new SectionRun(NAMESPACE.id(), 0, 1, epoch, epoch)));
  }

  private static RouteTable atVersionOne() {
    RouteTable table = new RouteTable();
    table.apply(delta(0, 1, 1));
    return table;
  }

  /** Owner and epoch in one number; 0 for no such section. */
  private static int look(RouteTable table) {
    Route route = table.route(NAMESPACE.id(), 0);
    if (route == null) {
      return 0;
    }
    OwnerInfo owner = route.owner();
    return (owner == null ? 0 : owner.incarnation()) * 10 + (int) route.epoch();
  }

  @JCStressTest
  @Outcome(id = "11, 11", expect = ACCEPTABLE, desc = "Both looks were before.")
  @Outcome(id = "11, 22", expect = ACCEPTABLE, desc = "The change was between the looks.")
  @Outcome(id = "22, 22", expect = ACCEPTABLE, desc = "Both looks were after.")
  @Outcome(
      expect = FORBIDDEN,
      desc = "An owner with another's epoch, a living one missing, or back.")
  @State
  public static class OwnerAndEpochGoTogether {
    private final RouteTable table = atVersionOne();

    @Actor
    public void apply() {
      table.apply(delta(1, 2, 2));
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = look(table);
      r.r2 = look(table);
    }
  }

  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both looks were before.")
  @Outcome(id = "0, [01]1", expect = ACCEPTABLE, desc = "The first delta came between the looks.")
  @Outcome(id = "11, 11", expect = ACCEPTABLE, desc = "Both looks were after.")
  @Outcome(expect = FORBIDDEN, desc = "A section of the first delta was seen half made.")
  @State
  public static class TheFirstDelta {
    private final RouteTable table = new RouteTable();

    @Actor
    public void apply() {
      table.apply(delta(0, 1, 1));
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = look(table);
      r.r2 = look(table);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 11", expect = ACCEPTABLE, desc = "All of it was before.")
  @Outcome(id = "1, 22", expect = ACCEPTABLE, desc = "The words come before the version.")
  @Outcome(id = "2, 22", expect = ACCEPTABLE, desc = "All of it was after.")
  @Outcome(expect = FORBIDDEN, desc = "The version is told before what it covers can be seen.")
  @State
  public static class TheVersionComesLast {
    private final RouteTable table = atVersionOne();

    @Actor
    public void apply() {
      table.apply(delta(1, 2, 2));
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = (int) table.version();
      r.r2 = look(table);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, 3, 33", expect = ACCEPTABLE, desc = "Both were taken, in their order.")
  @Outcome(id = "0, 1, 3, 33", expect = ACCEPTABLE, desc = "The older delta came too late.")
  @Outcome(expect = FORBIDDEN, desc = "The table went back, or left a newer delta out.")
  @State
  public static class TwoDeltas {
    private final RouteTable table = atVersionOne();

    @Actor
    public void older(IIII_Result r) {
      r.r1 = table.apply(delta(1, 2, 2)) ? 1 : 0;
    }

    @Actor
    public void newer(IIII_Result r) {
      r.r2 = table.apply(delta(1, 3, 3)) ? 1 : 0;
    }

    @Arbiter
    public void after(IIII_Result r) {
      r.r3 = (int) table.version();
      r.r4 = look(table);
    }
  }
}
