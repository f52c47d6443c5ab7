package dev.ratchet.bench.process;

import dev.ratchet.bench.process.NodeSettings.StoreAddresses;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A replicated cluster of processes: three store nodes, one allocation node, one router. The nodes
 * are children of this process, unlike those of {@code ./ratchet cluster}: they end with it.
 */
public final class LocalNodes implements AutoCloseable {
  /** Options of every node's JVM, and of a floor that one of them is compared with. */
  public static final List<String> NODE_OPTIONS = List.of("-Xmx512m");

  private static final int STORES = 3;
  private static final int SNAPSHOT_SECONDS = 300;
  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Processes processes;
  private final Path home;
  private final Path folder;
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final NodeSettings settings;

  private LocalNodes(Processes processes, Path home, Path folder, NodeSettings settings) {
    this.processes = processes;
    this.home = home;
    this.folder = folder;
    this.settings = settings;
  }

  /** Starts all on an empty folder, and returns when they serve. */
  public static LocalNodes start(Processes processes, Path home, Path folder) throws IOException {
    return start(processes, home, folder, SNAPSHOT_SECONDS);
  }

  /** As the other, with a time between snapshots of the store. */
  public static LocalNodes start(Processes processes, Path home, Path folder, int snapshotSeconds)
      throws IOException {
    List<HostPort> free = Ports.free(3 * STORES + 2 + 3);
    List<StoreAddresses> stores = new ArrayList<>();
    for (int i = 0; i < STORES; i++) {
      stores.add(new StoreAddresses(free.get(3 * i), free.get(3 * i + 1), free.get(3 * i + 2)));
    }
    List<HostPort> others = free.subList(3 * STORES, free.size());
    NodeSettings settings =
        new NodeSettings(
            snapshotSeconds,
            stores,
            others.get(0),
            others.get(1),
            others.get(2),
            others.get(3),
            others.get(4));
    LocalNodes cluster = new LocalNodes(processes, home, folder, settings);
    try {
      cluster.startNodes();
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void startNodes() throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < STORES; i++) {
      nodes.add(start("store", i + 1, settings.store(i, data(i))));
    }
    nodes.add(start("alloc", 1, settings.alloc()));
    nodes.add(start("router", 1, settings.router()));
    for (ServerProcess node : nodes) {
      node.awaitLine("ready ", START_BOUND);
      processes.note(node);
    }
  }

  private ServerProcess start(String role, int number, String text) throws IOException {
    String name = role + "-" + number;
    Path file = Files.writeString(folder.resolve(name + ".yaml"), text);
    List<String> command =
        List.of(home.resolve("ratchet").toString(), role, "--config", file.toString());
    return processes.start(
        name,
        command,
        Map.of("RATCHET_BUILD", "never", "RATCHET_JAVA_OPTS", String.join(" ", NODE_OPTIONS)));
  }

  /** Folder of a store node's data; the first is 0. */
  public Path data(int store) {
    return folder.resolve("data-" + (store + 1));
  }

  /** Stops the allocation node, which gives its sections back. */
  public void stopAlloc() {
    allocProcess().close();
  }

  /** Starts the allocation node that was stopped; waits for nothing. */
  public void startAlloc() throws IOException {
    nodes.set(STORES, start("alloc", 1, settings.alloc()));
  }

  /** Stops a store node. */
  public void stopStore(int store) {
    nodes.get(store).close();
  }

  /** Starts a store node that was stopped, and returns when it is ready. */
  public void startStore(int store) throws IOException {
    ServerProcess started = start("store", store + 1, settings.store(store, data(store)));
    nodes.set(store, started);
    started.awaitLine("ready ", START_BOUND);
  }

  /** Native port of the allocation node. */
  public HostPort alloc() {
    return settings.allocNative();
  }

  /** The process of the allocation node. */
  public ServerProcess allocProcess() {
    return nodes.get(STORES);
  }

  /** Native port of the router. */
  public HostPort router() {
    return settings.routerNative();
  }

  /** Admin port of the allocation node. */
  public HostPort allocAdmin() {
    return settings.allocAdmin();
  }

  /** Creates a namespace, and returns when every section of it is served. */
  public void create(Namespace namespace) {
    try (RatchetClient client = RatchetClient.connect(ClientConfig.of(List.of(alloc())))) {
      client.createNamespace(namespace).join();
      while (client.status().join().unowned() > 0) {
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  /** Ends all: the router, then the allocation node, which gives its sections back, then stores. */
  @Override
  public void close() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).close();
    }
  }
}
