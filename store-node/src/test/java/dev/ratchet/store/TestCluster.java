package dev.ratchet.store;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.rpc.AdminToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Store nodes in this process, on loopback, each with its own folder. */
public final class TestCluster implements AutoCloseable {
  static final int ELECTION_MILLIS = 250;
  static final int JITTER_MILLIS = 150;
  static final int LEASE_WAIT_MILLIS = 1_700;
  static final String ADMIN_TOKEN = "0123456789abcdef";

  private final Path folder;
  private final List<Member> members = new ArrayList<>();
  private final int first;
  private @Nullable StoreNode[] nodes;
  private final HaltRecorder halts = new HaltRecorder();

  public TestCluster(Path folder, int size) throws IOException {
    this.folder = folder;
    this.first = size;
    this.nodes = new StoreNode[size];
    List<HostPort> ports = FreePorts.take(2 * size);
    for (int i = 0; i < size; i++) {
      members.add(new Member("store-" + i, "zone-" + i, ports.get(2 * i), ports.get(2 * i + 1)));
    }
  }

  /** A cluster whose nodes all run and have a leader. */
  static TestCluster started(Path folder, int size) throws IOException {
    TestCluster cluster = new TestCluster(folder, size);
    cluster.startAll();
    return cluster;
  }

  /** Makes room for one more node, which is to join; its number. */
  int more() throws IOException {
    List<HostPort> ports = FreePorts.take(2);
    int number = nodes.length;
    members.add(new Member("store-" + number, "zone-" + number, ports.get(0), ports.get(1)));
    nodes = Arrays.copyOf(nodes, number + 1);
    return number;
  }

  /** Starts a node that joins; done when it was let in. */
  CompletableFuture<Void> startJoining(int i, Consumer<String> waiting) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            nodes[i] =
                StoreNode.start(
                    config(i).joining(),
                    new SimpleMeterRegistry(),
                    halts,
                    MonotonicClock.system(),
                    waiting);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task).start());
  }

  Member member(int i) {
    return members.get(i);
  }

  StoreConfig config(int i) {
    return new StoreConfig(
        "test",
        "store-" + i,
        dataOf(i),
        i < first ? members.subList(0, first) : members,
        ELECTION_MILLIS,
        JITTER_MILLIS,
        StoreConfig.DEFAULT_SNAPSHOT_INTERVAL_SECONDS,
        StoreConfig.DEFAULT_APPLY_BATCH,
        LEASE_WAIT_MILLIS,
        StoreConfig.DEFAULT_SUSPECT_MILLIS,
        100,
        StoreConfig.DEFAULT_MOVES_PER_SECOND,
        AdminToken.of(ADMIN_TOKEN));
  }

  Path dataOf(int i) {
    return folder.resolve("store-" + i);
  }

  List<HostPort> addresses() {
    return members.stream().map(Member::rpc).toList();
  }

  StoreClient client() {
    return new StoreClient(addresses());
  }

  StoreNode start(int i) throws IOException {
    StoreNode node =
        StoreNode.start(
            config(i), new SimpleMeterRegistry(), halts, MonotonicClock.system(), waiting -> {});
    nodes[i] = node;
    return node;
  }

  private void startUnchecked(int i) {
    try {
      start(i);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void startAll() {
    // Together: the first start of one waits for the others.
    List<CompletableFuture<Void>> starts = new ArrayList<>();
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] == null) {
        int number = i;
        starts.add(
            CompletableFuture.runAsync(
                () -> startUnchecked(number), task -> new Thread(task).start()));
      }
    }
    starts.forEach(CompletableFuture::join);
    awaitReady();
  }

  void awaitReady() {
    for (StoreNode node : nodes) {
      if (node != null) {
        Await.until(node.health(), node::isReady);
      }
    }
  }

  void stop(int i) {
    StoreNode node = nodes[i];
    if (node != null) {
      node.close();
      nodes[i] = null;
    }
  }

  StoreNode node(int i) {
    StoreNode node = nodes[i];
    if (node == null) {
      throw new IllegalStateException("node " + i + " does not run");
    }
    return node;
  }

  /** The number of the node that leads. */
  int leader() {
    return Await.value("a leader", this::findLeader);
  }

  private @Nullable Integer findLeader() {
    for (int i = 0; i < nodes.length; i++) {
      StoreNode node = nodes[i];
      if (node != null && node.raft().leaderTerm() > 0) {
        return i;
      }
    }
    return null;
  }

  int anyFollower() {
    return (leader() + 1) % first;
  }

  HaltRecorder halts() {
    return halts;
  }

  @Override
  public void close() {
    for (int i = 0; i < nodes.length; i++) {
      stop(i);
    }
  }
}
