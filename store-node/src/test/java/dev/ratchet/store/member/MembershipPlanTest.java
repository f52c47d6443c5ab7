package dev.ratchet.store.member;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.member.MembershipPlan.Kind;
import dev.ratchet.store.state.MemberSet;
import dev.ratchet.store.state.StoreMember;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MembershipPlanTest {
  private static HostPort raft(int i) {
    return new HostPort("h" + i, 7400);
  }

  private static MemberSet recorded(int... members) {
    return new MemberSet(
        members.length == 0 ? 0 : 5,
        Arrays.stream(members)
            .mapToObj(i -> new StoreMember("s" + i, "z", new HostPort("h" + i, 1), raft(i), ""))
            .toList());
  }

  private static Set<HostPort> voters(int... voters) {
    return IntStream.of(voters).mapToObj(MembershipPlanTest::raft).collect(Collectors.toSet());
  }

  @Test
  void nothingToDoWhenVotersAreThoseRecordedOrNobodyKnows() {
    assertEquals(Kind.NOTHING, plan(recorded(1, 2, 3), voters(1, 2, 3)).kind());
    assertEquals(Kind.NOTHING, plan(recorded(), voters(1, 2, 3)).kind());
    assertEquals(Kind.NOTHING, plan(recorded(1, 2, 3), voters()).kind());
  }

  @Test
  void additionsComeFirstThenRemovalsOneAtATime() {
    MembershipPlan add = plan(recorded(1, 4, 5), voters(1, 2, 3));
    assertEquals(Kind.ADD, add.kind());
    assertEquals(recorded(4).members().get(0), add.member());
    MembershipPlan remove = plan(recorded(1, 4, 5), voters(1, 2, 3, 4, 5));
    assertEquals(Kind.REMOVE, remove.kind());
    assertEquals(raft(2), remove.voter());
  }

  @Test
  void theLeaderGoesLastAndHandsOver() {
    assertEquals(raft(2), plan(recorded(3), voters(1, 2, 3)).voter());
    assertEquals(Kind.HAND_OVER, plan(recorded(3), voters(1, 3)).kind());
  }

  /** Node 1 leads. */
  private static MembershipPlan plan(MemberSet recorded, Set<HostPort> voters) {
    return MembershipPlan.next(recorded, voters, raft(1));
  }
}
