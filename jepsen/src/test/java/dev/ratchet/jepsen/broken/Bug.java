package dev.ratchet.jepsen.broken;

import static dev.ratchet.jepsen.broken.Break.INT;
import static dev.ratchet.jepsen.broken.Break.LONG;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be broken, by the node that it belongs in. */
enum Bug {
  // Store nodes, all of them: a state machine that differs between replicas is another story.
  RAISE_WITHOUT_EPOCH(
      "raises are taken whatever their epoch and incarnation",
      Break.of(
          "store.state.RaiseRule",
          "apply",
          RaiseWithoutEpoch.Incarnation.class,
          "dev.ratchet.store.state.Command$Raise"),
      Break.of(
          "store.state.RaiseRule",
          "check",
          RaiseWithoutEpoch.Epoch.class,
          INT,
          "dev.ratchet.proto.message.RaiseItem",
          "dev.ratchet.store.state.SectionRecord"),
      Break.of("store.state.SectionRecord", "raisedTo", RaiseWithoutEpoch.Target.class, LONG)),
  RESTORE_WITHOUT_JUMP(
      "a restored backup goes on where the backup was taken",
      Break.of("store.state.RestoreRule", "lift", RestoreWithoutJump.class, LONG, LONG)),
  SPLIT_GRANT(
      "a grant after a crash takes a base that is older than its ceiling",
      Break.of("store.state.SectionRecord", "takenOverBy", SplitGrant.class, INT, LONG, LONG)),
  RELEASE_LOSES_POSITIONS(
      "the positions that an owner leaves are not handed to the next",
      Break.of(
          "store.state.SectionRecord", "handedOverTo", ReleaseLosesPositions.class, INT, LONG)),
  CRASH_SKIPS_WINDOWS(
      "a grant after a crash skips five windows",
      Break.of(
          "store.state.SectionRecord", "takenOverBy", CrashSkipsWindows.class, INT, LONG, LONG)),
  SHORT_STORE_WAIT(
      "the store waits for a lease 1.5 s less than its holder counts on",
      Break.of("store.placement.LeaseWatch", "due", StoreWait.TooShort.class, LONG)),
  LONG_STORE_WAIT(
      "the store waits 10 s longer for a lease than it has to",
      Break.of("store.placement.LeaseWatch", "due", StoreWait.TooLong.class, LONG)),

  // Allocation nodes.
  LEASE_IGNORED(
      "calls are served whatever the lease",
      Break.of("alloc.lease.Lease", "isValid", LeaseIgnored.class, LONG)),
  LEASE_CHECKED_BEFORE_ARRIVAL(
      "the lease is checked by a clock that is read once for many calls",
      Break.of("alloc.lease.Lease", "isValid", LeaseCheckedBeforeArrival.class, LONG)),
  STRICT_WITHOUT_BARRIER(
      "strict answers go out unconfirmed",
      Break.of(
          "alloc.barrier.Barrier",
          "confirm",
          StrictWithoutBarrier.class,
          "dev.ratchet.alloc.lease.Tenure",
          "java.util.List",
          LONG,
          "dev.ratchet.alloc.barrier.Barrier$Answer")),
  RANGE_TOO_SHORT(
      "of a range one number less is taken than is answered",
      Break.of("alloc.section.Section", "take", RangeTooShort.class, LONG, INT)),
  CURRENT_CLAIMS_EXACT(
      "an upper bound is said to be exact",
      Break.of("alloc.section.Section", "current", CurrentClaimsExact.class, LONG)),
  NEVER_REGISTERS_AGAIN(
      "a node that lost its lease stays away",
      Break.of("alloc.lease.LeaseKeeper", "registerAnew", NeverRegistersAgain.class)),
  SLOW_MACHINE(
      "not a bug, but a machine: its clock and its timer of renewals run at a tenth",
      Break.of("proto.time.SuspendAwareClock", "nanos", SlowMachine.Clock.class),
      Break.of(
          "alloc.lease.LeaseKeeper",
          "<init>",
          SlowMachine.Timer.class,
          "dev.ratchet.alloc.lease.LeaseKeeper$Store",
          "java.util.function.LongFunction",
          "java.util.function.LongSupplier",
          LONG,
          "java.util.concurrent.ScheduledExecutorService",
          "dev.ratchet.proto.time.MonotonicClock",
          "java.util.function.Consumer",
          "java.util.function.Consumer",
          "java.util.function.BiConsumer"));

  private final String sentence;

  @SuppressWarnings("ImmutableEnumChecker") // a list that nobody can change
  private final List<Break> breaks;

  Bug(String sentence, Break... breaks) {
    this.sentence = sentence;
    this.breaks = List.of(breaks);
  }

  List<Break> breaks() {
    return breaks;
  }

  /** Its name on the command line. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The bugs of a line such as {@code lease-ignored+slow-machine@alloc-1} that this process has:
   * one with a node behind it is that node's alone.
   *
   * @param command how the process was started, with the node's settings file
   */
  static List<Bug> parse(@Nullable String line, String command) {
    List<Bug> bugs = new ArrayList<>();
    for (String part : (line == null ? "" : line).split("\\+", -1)) {
      int at = part.indexOf('@');
      Bug bug = named(at < 0 ? part : part.substring(0, at));
      if (at < 0 || command.endsWith("/" + part.substring(at + 1) + ".yaml")) {
        bugs.add(bug);
      }
    }
    return bugs;
  }

  private static Bug named(String name) {
    return Arrays.stream(values())
        .filter(bug -> bug.option().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static IllegalArgumentException unknown(String name) {
    String known = Arrays.stream(values()).map(Bug::option).collect(Collectors.joining(", "));
    return new IllegalArgumentException("there is no bug '" + name + "'; there are " + known);
  }

  @Override
  public String toString() {
    return option() + ": " + sentence;
  }
}
