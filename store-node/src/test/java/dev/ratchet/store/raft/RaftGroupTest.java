package dev.ratchet.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.Await;
import dev.ratchet.store.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class RaftGroupTest {
  @TempDir private Path folder;
  private final List<TestMember> members = new ArrayList<>();
  private List<HostPort> ports = List.of();

  @BeforeEach
  void takePorts() throws IOException {
    ports = FreePorts.take(3);
  }

  @AfterEach
  void closeAll() throws IOException {
    for (TestMember member : members) {
      member.close();
    }
  }

  private TestMember alone() throws IOException {
    TestMember member = new TestMember(folder.resolve("m0"), ports.subList(0, 1), 0);
    members.add(member);
    Await.until("it leads", member::leads);
    return member;
  }

  private void three() throws IOException {
    members.addAll(TestMember.three(folder, ports));
  }

  private void close(TestMember member) throws IOException {
    members.remove(member);
    member.close();
  }

  @Test
  void everyMemberAppliesEveryEntryInOrder() throws IOException {
    three();
    TestMember leader = TestMember.leaderOf(members);
    List<String> entries = IntStream.range(0, 300).mapToObj(i -> "e" + i).toList();
    List<CompletableFuture<Object>> outcomes = entries.stream().map(leader::propose).toList();
    assertEquals("e0 applied", outcomes.get(0).join());
    assertEquals("e299 applied", outcomes.get(299).join());
    members.forEach(member -> member.awaitVisible(entries));
  }

  @Test
  void aFollowerRefusesForCertain() throws IOException {
    three();
    TestMember leader = TestMember.leaderOf(members);
    TestMember follower =
        members.stream().filter(member -> member != leader).findFirst().orElseThrow();
    assertEquals(ErrorCode.NOT_LEADER, errorOf(follower.propose("x")).code());
    Await.until("the leader is known", () -> follower.raft.leader() != null);
    assertEquals(leader.raft.leader(), follower.raft.leader());
  }

  @Test
  void anEntryForAnotherTermIsRefused() throws IOException {
    TestMember member = alone();
    RatchetException error =
        errorOf(member.raft.propose(new byte[] {1}, Urgency.NORMAL, member.raft.leaderTerm() + 1));
    assertEquals(ErrorCode.NOT_LEADER, error.code());
  }

  @Test
  void aNewLeaderBeginsWithAllOfTheTermsBefore() throws IOException {
    three();
    TestMember first = TestMember.leaderOf(members);
    first.propose("a").join();
    first.propose("b").join();
    close(first);
    TestMember second = TestMember.leaderOf(members);
    assertEquals(List.of("a", "b"), second.heldAtStart.get(0));
    second.propose("c").join();
    assertTrue(second.raft.term() > 1);
  }

  /** Whoever sent what is in its log did so before that moment. */
  @Test
  void aNewLeaderKnowsWhenItLastHeardOfTheOneBefore() throws IOException {
    three();
    TestMember first = TestMember.leaderOf(members);
    first.propose("a").join();
    long proposed = System.nanoTime();
    first.propose("b").join();
    close(first);
    TestMember second = TestMember.leaderOf(members);
    long led = System.nanoTime();
    long heard = second.heardAtStart.get(0);
    assertTrue(heard - proposed >= 0, "it heard of b");
    assertTrue(led - heard >= 0);
    assertEquals(0, second.heldAtStart.get(0).indexOf("a"));
  }

  @Test
  void withoutMajorityTheOutcomeIsUnknownOrRefused() throws IOException {
    three();
    TestMember leader = TestMember.leaderOf(members);
    for (TestMember member : List.copyOf(members)) {
      if (member != leader) {
        close(member);
      }
    }
    // Before the leader notices it appends, and then can't say; afterwards it refuses.
    ErrorCode code = errorOf(leader.propose("lost?")).code();
    assertTrue(code == ErrorCode.UNKNOWN_OUTCOME || code == ErrorCode.NOT_LEADER, code.toString());
    Await.until("it steps down", () -> !leader.leads());
    assertEquals(ErrorCode.NOT_LEADER, errorOf(leader.propose("x")).code());
  }

  @Test
  void anEntryThatCantBeAppliedHaltsAndIsNotSkipped() throws IOException {
    TestMember member = alone();
    member.propose("good").join();
    CompletableFuture<Object> bad = member.propose(ListState.BAD);
    CompletableFuture<Object> after = member.propose("after");
    assertEquals(ErrorCode.UNKNOWN_OUTCOME, errorOf(bad).code());
    assertFalse(errorOf(after).code() == ErrorCode.OVERLOADED);
    Await.until("it halts", () -> !member.halts.reasons().isEmpty());
    assertTrue(member.halts.reasons().get(0).contains("can't be applied"));
    assertEquals(List.of("good"), member.state.visible());
    assertEquals("error", member.raft.role());
  }

  @Test
  void aWriteThatFailsHaltsBeforeAnyOutcomeIsTold() throws IOException {
    TestMember member = alone();
    member.state.failCommits("No space left on device");
    assertEquals(ErrorCode.UNKNOWN_OUTCOME, errorOf(member.propose("a")).code());
    Await.until("it halts", () -> !member.halts.reasons().isEmpty());
    assertTrue(member.halts.reasons().get(0).startsWith("disk full: free space on"));
    assertEquals(List.of(), member.state.visible());
  }

  @Test
  void aRestartReplaysTheLog() throws IOException {
    TestMember member = alone();
    member.propose("a").join();
    member.propose("b").join();
    close(member);
    TestMember again = alone();
    again.awaitVisible(List.of("a", "b"));
    assertEquals(0, again.state.loads());
  }

  @Test
  void aRestartLoadsTheSnapshotAndReplaysTheRest() throws IOException {
    TestMember member = alone();
    member.propose("a").join();
    member.raft.snapshot().join();
    member.propose("b").join();
    close(member);
    TestMember again = alone();
    again.awaitVisible(List.of("a", "b"));
    assertEquals(1, again.state.loads());
  }

  @Test
  void aDamagedSnapshotHaltsTheStart() throws IOException {
    TestMember member = alone();
    member.propose("a").join();
    member.raft.snapshot().join();
    close(member);
    try (Stream<Path> files = Files.walk(folder.resolve("m0/raft/snapshot"))) {
      Path list = files.filter(file -> file.endsWith("list")).findFirst().orElseThrow();
      Files.writeString(list, "z\n");
    }
    IOException error =
        assertThrows(
            IOException.class,
            () -> new TestMember(folder.resolve("m0"), ports.subList(0, 1), 0).close());
    assertTrue(String.valueOf(error.getMessage()).contains("can't start"), error.getMessage());
  }

  @Test
  void aMemberThatWasDownForLongGetsTheSnapshot() throws IOException {
    three();
    TestMember leader = TestMember.leaderOf(members);
    TestMember late = members.stream().filter(member -> member != leader).findFirst().orElseThrow();
    int lateNumber = members.indexOf(late);
    close(late);
    // The library keeps the log back to the snapshot before the last.
    leader.propose("a").join();
    leader.raft.snapshot().join();
    leader.propose("b").join();
    leader.raft.snapshot().join();
    leader.propose("c").join();
    TestMember back = new TestMember(folder.resolve("m" + lateNumber), ports, lateNumber);
    members.add(back);
    back.awaitVisible(List.of("a", "b", "c"));
    assertEquals(1, back.state.loads());
    assertTrue(back.halts.reasons().isEmpty());
  }

  @Test
  void tooManyInFlightAreRefusedAndCountedOut() throws IOException {
    TestMember member = alone();
    List<CompletableFuture<Object>> flood =
        IntStream.range(0, 20_000).mapToObj(i -> member.propose("e" + i)).toList();
    int applied = 0;
    for (CompletableFuture<Object> one : flood) {
      if (one.handle((outcome, failure) -> failure == null).join()) {
        applied++;
      } else {
        assertEquals(ErrorCode.OVERLOADED, errorOf(one).code());
      }
    }
    int expected = applied;
    Await.until("all are visible", () -> member.state.visible().size() == expected);
    assertEquals("after applied", member.propose("after").join());
  }

  static RatchetException errorOf(CompletableFuture<Object> outcome) {
    CompletionException error = assertThrows(CompletionException.class, outcome::join);
    return RatchetException.of(error);
  }
}
