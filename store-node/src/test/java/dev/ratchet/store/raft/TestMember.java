package dev.ratchet.store.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.Await;
import dev.ratchet.store.HaltRecorder;
import dev.ratchet.store.disk.DataFolder;
import dev.ratchet.store.disk.NodeIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A member of a Raft group over a {@link ListState}. */
final class TestMember implements AutoCloseable, Leadership {
  final ListState state = new ListState();
  final HaltRecorder halts = new HaltRecorder();

  /** What the state held each time this member began to lead. */
  final List<List<String>> heldAtStart = new CopyOnWriteArrayList<>();

  /** What it was told each time of when it last heard of another leader. */
  final List<Long> heardAtStart = new CopyOnWriteArrayList<>();

  final RaftGroup raft;
  private final DataFolder folder;

  TestMember(Path path, List<HostPort> members, int self) throws IOException {
    folder = DataFolder.open(path, NodeIdentity.store("test", "m" + self));
    try {
      raft =
          RaftGroup.start(
              settings(path, members, self),
              folder,
              state,
              this,
              halts,
              MonotonicClock.system(),
              new SimpleMeterRegistry());
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  static RaftSettings settings(Path path, List<HostPort> members, int self) {
    return new RaftSettings(
        "test", "m" + self, members.get(self), members, path.resolve("raft"), 300, 150, 300, 128);
  }

  /** Three members that have a leader. */
  static List<TestMember> three(Path path, List<HostPort> ports) throws IOException {
    List<TestMember> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      members.add(new TestMember(path.resolve("m" + i), ports, i));
    }
    leaderOf(members);
    return members;
  }

  static TestMember leaderOf(List<TestMember> members) {
    return Await.value(
        "a leader", () -> members.stream().filter(TestMember::leads).findFirst().orElse(null));
  }

  boolean leads() {
    return raft.leaderTerm() > 0;
  }

  CompletableFuture<Object> propose(String entry) {
    return raft.propose(entry.getBytes(UTF_8), Urgency.NORMAL, raft.leaderTerm());
  }

  void awaitVisible(List<String> entries) {
    Await.until("entries " + entries, () -> state.visible().equals(entries));
  }

  @Override
  public void onLeaderStart(long term, long heardNanos) {
    heardAtStart.add(heardNanos);
    heldAtStart.add(state.visible());
  }

  @Override
  public void onLeaderStop() {}

  @Override
  public void close() throws IOException {
    raft.close();
    folder.close();
  }
}
