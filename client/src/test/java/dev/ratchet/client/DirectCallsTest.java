package dev.ratchet.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.DirectOwner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectCallsTest {
  private final Namespace users = Namespace.uid("users", 299, 100, 10).withId(1);
  private final RouteTable table = new RouteTable();
  private final EpochFloor floor = new EpochFloor();
  private final Owner here = new Owner(1);
  private final Owner alsoHere = new Owner(2);
  private final DirectCalls calls = new DirectCalls(table, floor, List.of(here, alsoHere));

  /** Issues 1, 2, … whatever the key; notes what it was asked. */
  private static final class Owner implements DirectOwner {
    int incarnation;
    boolean holds = true;
    long last;
    final List<String> asked = new ArrayList<>();

    Owner(int incarnation) {
      this.incarnation = incarnation;
    }

    @Override
    public int incarnation() {
      return incarnation;
    }

    @Override
    public long take(int owner, int namespaceId, int section, long epoch, long key, int count) {
      asked.add("take " + owner + " " + section + " " + epoch + " " + key + " " + count);
      last += count;
      return last - count + 1;
    }

    @Override
    public boolean confirm(int owner, long numbers) {
      asked.add("confirm " + owner + " " + numbers);
      return holds;
    }
  }

  /** Section i is owned by the i-th incarnation, at epoch 5; 0 for nobody. */
  private void routes(long version, int... owners) {
    List<SectionRun> runs = new ArrayList<>();
    List<OwnerInfo> known = new ArrayList<>();
    for (int section = 0; section < owners.length; section++) {
      runs.add(new SectionRun(1, section, 1, owners[section], 4 + version));
      if (owners[section] != 0) {
        known.add(new OwnerInfo(owners[section], "n" + owners[section], "z", "h", 1));
      }
    }
    assertTrue(table.apply(new RouteDelta(0, version, List.of(users), known, runs)));
  }

  @Test
  void asksTheOwnerOfTheSectionUnderTheEpochOfItsRoute() {
    routes(1, 1, 2, 1);
    assertEquals(1, calls.take(users, 7, 1));
    assertEquals(1, calls.take(users, 107, 3));
    assertEquals(List.of("take 1 0 5 7 1"), here.asked);
    assertEquals(List.of("take 2 1 5 107 3"), alsoHere.asked);
  }

  @Test
  void withoutRoutesOrOwnerOrWithAnOwnerElsewhereNothingIsTaken() {
    assertEquals(DirectCalls.NOT_NOW, calls.take(users, 7, 1));
    routes(1, 1, 0, 3);
    assertEquals(DirectCalls.NOT_NOW, calls.take(users, 107, 1));
    assertEquals(DirectCalls.NOT_NOW, calls.take(users, 207, 1));
    assertTrue(calls.confirm());
    assertEquals(List.of(), here.asked);
  }

  @Test
  void newerRoutesAreFollowed() {
    routes(1, 1, 1, 1);
    assertEquals(1, calls.take(users, 7, 1));
    routes(2, 2, 1, 1);
    assertEquals(1, calls.take(users, 7, 1));
    assertEquals(List.of("take 2 0 6 7 1"), alsoHere.asked);
  }

  @Test
  void aNumberOfAnEpochBelowOneSeenIsNotGiven() {
    routes(1, 1, 1, 1);
    assertTrue(floor.accept(users, 0, 6));
    assertEquals(DirectCalls.NOT_NOW, calls.take(users, 7, 1));
    assertEquals(2, calls.take(users, 107, 1), "the one that was not given is skipped");
  }

  @Test
  void itsNumbersRaiseTheFloorOfLaterAnswers() {
    routes(1, 1, 1, 1);
    assertEquals(1, calls.take(users, 7, 1));
    assertEquals(5, floor.of(1, 0));
    assertFalse(floor.accept(users, 0, 4));
  }

  @Test
  void confirmsEachOwnerThatWasAskedAndThatOnce() {
    routes(1, 1, 2, 1);
    calls.take(users, 7, 1);
    calls.take(users, 207, 4);
    assertTrue(calls.confirm());
    assertTrue(calls.confirm());
    assertEquals("confirm 1 5", here.asked.get(2));
    assertEquals(3, here.asked.size());
    assertEquals(List.of(), alsoHere.asked);
  }

  @Test
  void oneLeaseThatIsOverIsEnoughToConfirmNothing() {
    routes(1, 1, 2, 1);
    calls.take(users, 7, 1);
    calls.take(users, 107, 1);
    here.holds = false;
    assertFalse(calls.confirm());
    assertEquals("confirm 2 1", alsoHere.asked.get(1), "all are asked, and none twice");
    here.holds = true;
    assertTrue(calls.confirm());
  }

  /** Numbers taken then would be skipped, call by call. */
  @Test
  void afterALeaseDidNotHoldNothingIsTakenUntilItDoes() {
    routes(1, 1, 2, 1);
    calls.take(users, 7, 1);
    here.holds = false;
    assertFalse(calls.confirm());
    assertEquals(DirectCalls.NOT_NOW, calls.take(users, 7, 1));
    assertEquals(1, calls.take(users, 107, 1), "another owner's");
    assertTrue(calls.confirm());
    assertEquals(1, here.last);
    here.holds = true;
    assertEquals(2, calls.take(users, 7, 1));
    assertTrue(calls.confirm());
  }

  @Test
  void numbersOfTwoLeasesOfOneNodeAreNotMixed() {
    routes(1, 1, 1, 1);
    calls.take(users, 7, 1);
    here.incarnation = 9;
    routes(2, 9, 9, 9);
    assertEquals(DirectCalls.NOT_NOW, calls.take(users, 7, 1), "the first is not confirmed yet");
    here.holds = false;
    assertFalse(calls.confirm());
    assertEquals("confirm 1 1", here.asked.get(1));
    here.holds = true;
    assertEquals(2, calls.take(users, 7, 1));
    assertTrue(calls.confirm());
    assertEquals("confirm 9 1", here.asked.get(here.asked.size() - 1));
  }
}
