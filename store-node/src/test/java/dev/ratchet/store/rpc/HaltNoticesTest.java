package dev.ratchet.store.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.StoreState;
import dev.ratchet.store.state.TreeTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HaltNoticesTest {
  private static final int SECTIONS = HaltNotices.MAX_PER_RENEWAL + 10;

  private final StoreState state = new StoreState(new TreeTable(), "test");
  private final HaltNotices notices = new HaltNotices(state.reader());
  private int a;
  private int b;

  private Result apply(Command command) {
    Result result = state.apply(command);
    notices.onApplied(result);
    return result;
  }

  @BeforeEach
  void grantToTwo() {
    apply(new Command.CreateNamespace(Namespace.string("tags", SECTIONS, 10)));
    a = register("a", 1);
    b = register("b", 2);
    apply(
        new Command.Grant(
            List.of(
                new Command.Run(1, 0, SECTIONS - 1, a), new Command.Run(1, SECTIONS - 1, 1, b))));
  }

  private int register(String node, long process) {
    Result result = apply(new Command.Register(node, "zone-1", "h", 7000, process, 1_600));
    return ((Result.Registered) result).lease().incarnation();
  }

  private void halt(int count) {
    apply(
        new Command.Witness(
            IntStream.range(0, count)
                .mapToObj(section -> new WitnessItem(1, section, 5, 900))
                .toList()));
  }

  @Test
  void theOwnerIsToldWhoeverFoundItBehindAndUntilItIsResumed() {
    assertEquals(List.of(), notices.next(a));
    halt(1);
    assertEquals(List.of(new SectionEpoch(1, 0, 5)), notices.next(a));
    assertEquals(List.of(new SectionEpoch(1, 0, 5)), notices.next(a), "an answer may be lost");
    assertEquals(List.of(), notices.next(b));
    apply(new Command.Resume(1, 0, 4, 1_000));
    assertEquals(List.of(), notices.next(a));
  }

  @Test
  void whatOneReplyDoesNotHoldFollowsInTheNext() {
    halt(SECTIONS);
    Set<SectionEpoch> told = new HashSet<>(notices.next(a));
    assertEquals(HaltNotices.MAX_PER_RENEWAL, told.size());
    told.addAll(notices.next(a));
    assertEquals(SECTIONS - 1, told.size());
    assertEquals(1, notices.next(b).size());
  }

  @Test
  void nothingIsKeptOfALeaseThatIsOver() {
    halt(SECTIONS);
    apply(new Command.Expire(a, 0));
    apply(new Command.Release(b, List.of(), true));
    assertEquals(List.of(), notices.next(a));
    assertEquals(List.of(), notices.next(b));
  }

  @Test
  void whatWasHaltedBeforeIsFoundInTheTable() {
    halt(2);
    HaltNotices later = new HaltNotices(state.reader());
    later.load();
    assertEquals(2, later.next(a).size());
  }
}
