package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.route.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random histories. A failure names its seed; {@code @Property(seed = "…")} repeats it. */
class StoreStatePropertyTest {
  private static final int ENTRIES = 250;

  @Property(tries = 150)
  void invariantsHoldAfterEveryEntry(@ForAll long seed) {
    Replica replica = new Replica();
    RandomHistory history = new RandomHistory(seed, replica.state.reader());
    Set<Integer> gone = new HashSet<>();
    for (int i = 0; i < ENTRIES; i++) {
      Map<Long, SectionRecord> before = sections(replica);
      List<Lease> leasesBefore = replica.state.reader().leases();
      long versionBefore = replica.version();
      Command command = history.next();
      Result result = replica.apply(command);
      String what = command + " → " + result;

      Map<Long, SectionRecord> after = sections(replica);
      assertTrue(after.keySet().containsAll(before.keySet()), what);
      after.forEach(
          (key, now) -> {
            SectionRecord old = before.getOrDefault(key, SectionRecord.NEVER_GRANTED);
            if (result instanceof Result.Restored) {
              assertLifted(old, now, replica.state.reader(), what);
            } else {
              assertLegal(old, now, leasesBefore, replica.state.reader().restore(), what);
            }
          });
      assertPins(replica.state.reader(), what);
      assertLeases(leasesBefore, replica.state.reader().leases(), gone, what);
      assertVersion(versionBefore, replica, result, !before.equals(after), leasesBefore, what);
    }
    assertRoutesFollow(replica);
  }

  /** It gets no other owner, and nothing at or below its marks is free, halted and just after. */
  private static void assertHalted(SectionRecord old, SectionRecord now, String what) {
    assertEquals(old.owner(), now.owner(), what);
    assertEquals(0, now.handoverChunks(), what);
    assertEquals(now.maxSeq(), now.base(), what);
    assertTrue(now.epoch() >= old.epoch() && now.maxSeq() >= old.maxSeq(), what);
  }

  private static void assertLifted(
      SectionRecord old, SectionRecord now, StateReader reader, String what) {
    RestoreRecord restore = reader.restore();
    assertTrue(!restore.active() || reader.leases().isEmpty(), what);
    if (!old.equals(now)) {
      assertTrue(restore.active(), what);
      assertTrue(now.epoch() >= old.epoch() + RestoreRule.EPOCH_JUMP, what);
      assertTrue(now.base() >= old.maxSeq() + restore.jump(), what);
      assertEquals(now.base(), now.maxSeq(), what);
      assertEquals(restore.owner(), now.owner(), what);
    }
  }

  private static void assertLegal(
      SectionRecord before,
      SectionRecord now,
      List<Lease> leases,
      RestoreRecord restore,
      String what) {
    if (now.halted() || before.halted()) {
      assertHalted(before, now, what);
      return;
    }
    SectionRecord old = before.epoch() == 0 && now.epoch() > 0 ? restore.unborn() : before;
    assertTrue(now.epoch() == old.epoch() || now.epoch() == old.epoch() + 1, what);
    assertTrue(now.maxSeq() >= old.maxSeq(), what);
    assertTrue(now.base() >= old.base() && now.base() <= now.maxSeq(), what);
    if (now.epoch() > old.epoch()) {
      boolean handedOver = before.owner() == 0 && before.epoch() > 0;
      boolean ownerWasAlive =
          leases.stream().anyMatch(l -> l.incarnation() == old.owner() && !l.suspect());
      assertTrue(!ownerWasAlive, what);
      assertEquals(handedOver ? old.base() : old.maxSeq(), now.base(), what);
      assertTrue(handedOver ? now.maxSeq() == old.maxSeq() : now.maxSeq() > old.maxSeq(), what);
      assertEquals(handedOver ? old.handoverChunks() : 0, now.handoverChunks(), what);
      assertTrue(leases.stream().anyMatch(l -> l.incarnation() == now.owner()), what);
    } else {
      assertTrue(now.owner() == old.owner() || now.owner() == 0, what);
      assertTrue(now.base() == old.base() || now.owner() == 0, what);
    }
  }

  private static void assertLeases(
      List<Lease> before, List<Lease> after, Set<Integer> gone, String what) {
    Set<String> nodes = new HashSet<>();
    Set<Integer> living = new HashSet<>();
    for (Lease lease : after) {
      assertTrue(nodes.add(lease.node()), "two leases of one node id after " + what);
      assertTrue(!gone.contains(lease.incarnation()), "a lease came back after " + what);
      living.add(lease.incarnation());
    }
    before.stream().map(Lease::incarnation).filter(i -> !living.contains(i)).forEach(gone::add);
  }

  private static void assertPins(StateReader reader, String what) {
    List<Pin> pins = reader.pins();
    for (Pin pin : pins) {
      Lease lease = reader.lease(pin.incarnation());
      assertTrue(lease != null && lease.takesOn(), pin + " is in vain after " + what);
    }
    assertEquals(
        pins.size(),
        pins.stream().map(p -> p.namespaceId() + "/" + p.section()).distinct().count());
  }

  private static void assertVersion(
      long before,
      Replica replica,
      Result result,
      boolean sectionsDiffer,
      List<Lease> leasesBefore,
      String what) {
    long after = replica.version();
    boolean changed = result.routes() != null;
    boolean lifted = changed && after >= before + Meta.ROUTE_VERSION_JUMP;
    boolean mayLift =
        result instanceof Result.Restored
            || result instanceof Result.Witnessed
            || result instanceof Result.Resumed;
    assertTrue(!lifted || mayLift, what);
    assertEquals(lifted ? after : before + (changed ? 1 : 0), after, what);
    List<OwnerInfo> owners = leasesBefore.stream().map(Lease::toOwner).toList();
    boolean ownersDiffer = !owners.equals(replica.state.reader().owners());
    assertTrue(changed || !ownersDiffer, what);
    assertTrue(
        changed
            || !sectionsDiffer
            || result instanceof Result.Raised
            || result instanceof Result.Restored
            || result instanceof Result.Released,
        what);
    assertEquals(after, replica.routes.version(), what);
  }

  private static void assertRoutesFollow(Replica replica) {
    Replica reloaded = new Replica(replica.table.copy());
    replica
        .state
        .reader()
        .sections(
            (id, section, record) -> {
              Route followed = replica.routes.route(id, section);
              assertEquals(followed, reloaded.routes.route(id, section));
              assertEquals(record.epoch(), Objects.requireNonNull(followed).epoch());
            });
    assertEquals(Set.copyOf(replica.routes.owners()), Set.copyOf(reloaded.routes.owners()));
  }

  @Property(tries = 40)
  void sameLogGivesTheSameTableFromAnyCopyOn(@ForAll long seed) {
    Replica first = new Replica();
    RandomHistory history = new RandomHistory(seed, first.state.reader());
    List<byte[]> log = new ArrayList<>();
    List<TreeTable> copies = new ArrayList<>();
    List<String> results = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      copies.add(first.table.copy());
      Command command = history.next();
      log.add(EntryCodec.encode(command));
      results.add(first.apply(command).toString());
    }
    for (int from = 0; from < ENTRIES; from += 1 + ENTRIES / 10) {
      StoreState replayed = new StoreState(copies.get(from), Replica.CLUSTER);
      for (int i = from; i < ENTRIES; i++) {
        assertEquals(results.get(i), replayed.apply(log.get(i)).toString());
      }
      assertArrayEquals(first.table.dump(), copies.get(from).dump(), "replayed from " + from);
    }
  }

  @Property(tries = 100)
  void historiesReachEveryKindOfResult(@ForAll long seed) {
    // Not about the state machine: a random history that only meets refusals would prove nothing.
    Replica replica = new Replica();
    RandomHistory history = new RandomHistory(seed, replica.state.reader());
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < 8 * ENTRIES; i++) {
      kinds.add(replica.apply(history.next()).getClass().getSimpleName());
    }
    assertEquals(Result.class.getPermittedSubclasses().length, kinds.size(), kinds::toString);
    long beyondFirst =
        sections(replica).values().stream().filter(record -> record.epoch() > 3).count();
    assertTrue(beyondFirst > 3, "sections change hands often");
  }

  private static Map<Long, SectionRecord> sections(Replica replica) {
    Map<Long, SectionRecord> sections = new TreeMap<>();
    replica
        .state
        .reader()
        .sections((id, section, record) -> sections.put((long) id << 32 | section, record));
    return sections;
  }
}
