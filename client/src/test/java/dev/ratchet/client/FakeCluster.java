package dev.ratchet.client;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.rpc.EventLoops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a store would keep, scripted by tests: namespaces, owners, epochs and the numbers. The nodes
 * of it are {@link FakeAlloc}s. Thread-safe.
 */
public final class FakeCluster implements AutoCloseable {
  private final EventLoops loops = new EventLoops("fake-cluster", 1);
  private final List<FakeAlloc> nodes = new ArrayList<>();
  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final Map<Integer, SectionRun[]> sections = new HashMap<>();
  private final Map<Integer, OwnerInfo> owners = new HashMap<>();
  private final ConcurrentHashMap<String, Long> numbers = new ConcurrentHashMap<>();
  private long version;

  /** A cluster of so many nodes, incarnations 1, 2, …, without a namespace. */
  public static FakeCluster of(int nodeCount) throws IOException {
    FakeCluster cluster = new FakeCluster();
    for (int incarnation = 1; incarnation <= nodeCount; incarnation++) {
      FakeAlloc node = new FakeAlloc(cluster, cluster.loops, incarnation);
      cluster.nodes.add(node);
      cluster.owners.put(incarnation, node.info());
    }
    cluster.publish();
    return cluster;
  }

  /** The node of an incarnation. */
  public FakeAlloc node(int incarnation) {
    return nodes.get(incarnation - 1);
  }

  public List<FakeAlloc> nodes() {
    return nodes;
  }

  /** Adds a namespace, its sections spread over the nodes at epoch 1. */
  public synchronized Namespace create(Namespace wanted) {
    Namespace namespace = wanted.withId(namespaces.size() + 1);
    namespaces.put(namespace.name(), namespace);
    SectionRun[] runs = new SectionRun[namespace.sectionCount()];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = new SectionRun(namespace.id(), i, 1, i % nodes.size() + 1, 1);
    }
    sections.put(namespace.id(), runs);
    publish();
    return namespace;
  }

  public synchronized List<Namespace> namespaces() {
    return List.copyOf(namespaces.values());
  }

  /** Grants a section to an owner under the next epoch; owner 0 leaves it unowned. */
  public synchronized void grant(Namespace namespace, int section, int owner) {
    move(namespace, section, owner);
    publish();
  }

  /** Grants all sections of a namespace to one owner. */
  public synchronized void grantAll(Namespace namespace, int owner) {
    for (int i = 0; i < namespace.sectionCount(); i++) {
      move(namespace, i, owner);
    }
    publish();
  }

  /** Ends the lease of an incarnation: its sections are unowned, and it is in no list. */
  public synchronized void expire(int incarnation) {
    owners.remove(incarnation);
    for (SectionRun[] runs : sections.values()) {
      for (int i = 0; i < runs.length; i++) {
        SectionRun run = runs[i];
        if (run.owner() == incarnation) {
          runs[i] = new SectionRun(run.namespaceId(), i, 1, 0, run.epoch());
        }
      }
    }
    publish();
  }

  private void move(Namespace namespace, int section, int owner) {
    SectionRun[] runs = runs(namespace.id());
    long epoch = runs[section].epoch() + (owner == 0 ? 0 : 1);
    runs[section] = new SectionRun(namespace.id(), section, 1, owner, epoch);
  }

  private SectionRun[] runs(int namespaceId) {
    SectionRun[] runs = sections.get(namespaceId);
    if (runs == null) {
      throw new IllegalArgumentException("no namespace " + namespaceId);
    }
    return runs;
  }

  /** The owner and epoch of a key's section. */
  synchronized SectionRun routeOf(int namespaceId, long key) {
    Namespace namespace =
        namespaces.values().stream()
            .filter(n -> n.id() == namespaceId)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no namespace " + namespaceId));
    return runs(namespaceId)[namespace.sectionOf(key)];
  }

  /** The last number of a key after taking some. */
  long take(int namespaceId, long key, int count) {
    return numbers.merge(namespaceId + "/" + key, (long) count, Long::sum);
  }

  private synchronized void publish() {
    version++;
    List<SectionRun> runs = new ArrayList<>();
    sections.values().forEach(all -> runs.addAll(List.of(all)));
    RouteDelta all =
        new RouteDelta(
            0, version, List.copyOf(namespaces.values()), List.copyOf(owners.values()), runs);
    nodes.forEach(node -> node.learn(all));
  }

  @Override
  public void close() {
    nodes.forEach(FakeAlloc::close);
    loops.close();
  }
}
