package dev.ratchet.cli.dev;

import dev.ratchet.admin.AdminServer;
import dev.ratchet.alloc.AllocConfig;
import dev.ratchet.cli.local.Bootstrap;
import dev.ratchet.cli.node.Lifetime;
import dev.ratchet.cli.node.NodeGroup;
import dev.ratchet.cli.node.NodeHealth;
import dev.ratchet.cli.node.RunningNode;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.router.RouterConfig;
import dev.ratchet.store.Member;
import dev.ratchet.store.StoreConfig;
import dev.ratchet.store.rpc.AdminToken;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three store nodes, two allocation nodes and a router, in this process, over loopback. */
final class DevCluster {
  private static final Logger LOG = LoggerFactory.getLogger(DevCluster.class);

  /** Often, so that a start has little to replay: a dev cluster is started more than it runs. */
  private static final int SNAPSHOT_SECONDS = 30;

  private static final Duration START_BOUND = Duration.ofSeconds(60);

  private final Path folder;
  private final DevLayout layout;
  private final AdminToken token;
  private final Lifetime lifetime;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final NodeHealth health = new NodeHealth();

  DevCluster(Path folder, DevLayout layout, AdminToken token, Lifetime lifetime) {
    this.folder = folder;
    this.layout = layout;
    this.token = token;
    this.lifetime = lifetime;
  }

  /** Starts all, and returns when a real call works. */
  void start(HostPort listen, HostPort resp, HostPort admin)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    lifetime.add("admin port", AdminServer.start(admin, registry, health));
    RouterConfig router = RouterConfig.of("router-1", "zone-1", listen, resp, layout.allocs());
    // Routers ask allocation nodes on the spot, without a connection, on the loops they share.
    EventLoops loops = lifetime.add("event loops", new EventLoops("dev-io", router.threads()));
    // All at the same time, since the stores wait for each other and the others for the stores.
    NodeGroup stores = lifetime.add("stores", new NodeGroup());
    NodeGroup allocs = lifetime.add("allocs", new NodeGroup());
    NodeGroup routers = lifetime.add("routers", new NodeGroup());
    for (int i = 0; i < DevLayout.STORES; i++) {
      StoreConfig config = store(i);
      stores.start(() -> RunningNode.store(config, meters(config.node()), health::waitingFor));
    }
    List<CompletableFuture<DirectOwner>> owners = new ArrayList<>();
    for (int i = 0; i < DevLayout.ALLOCS; i++) {
      AllocConfig config = alloc(i);
      CompletableFuture<DirectOwner> owner = new CompletableFuture<>();
      owners.add(owner);
      allocs.start(() -> RunningNode.alloc(config, meters(config.node()), loops, owner));
    }
    routers.start(() -> RunningNode.router(router, meters(router.node()), loops, await(owners)));
    for (NodeGroup group : List.of(stores, allocs, routers)) {
      group.await().forEach(health::add);
    }
    health.complete();
    LOG.info("all nodes run after {} ms", millisSince(begin));
    try (Bootstrap bootstrap = new Bootstrap(List.of(listen))) {
      bootstrap.await(START_BOUND);
    }
    LOG.info("all sections are served after {} ms", millisSince(begin));
  }

  private static List<DirectOwner> await(List<CompletableFuture<DirectOwner>> owners)
      throws IOException {
    try {
      return owners.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw new IOException("the router has no allocation nodes", e);
    }
  }

  private StoreConfig store(int index) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < DevLayout.STORES; i++) {
      members.add(
          new Member(
              "store-" + (i + 1),
              "zone-" + (i + 1),
              layout.storeRpc().get(i),
              layout.storeRaft().get(i)));
    }
    String node = members.get(index).node();
    StoreConfig defaults = StoreConfig.of("dev", node, folder.resolve(node), members);
    return new StoreConfig(
        defaults.cluster(),
        defaults.node(),
        defaults.data(),
        defaults.members(),
        defaults.electionTimeoutMillis(),
        defaults.electionJitterMillis(),
        SNAPSHOT_SECONDS,
        defaults.applyBatch(),
        defaults.leaseWaitMillis(),
        defaults.suspectMillis(),
        defaults.placementSettleMillis(),
        defaults.movesPerSecond(),
        token);
  }

  private AllocConfig alloc(int index) {
    AllocConfig defaults =
        AllocConfig.of(
            "alloc-" + (index + 1),
            "zone-" + (index + 1),
            layout.allocs().get(index),
            layout.storeRpc());
    // The default is half of the heap for a node that has the process for itself.
    return new AllocConfig(
        defaults.node(),
        defaults.zone(),
        defaults.listen(),
        defaults.advertiseHost(),
        defaults.stores(),
        defaults.renewMillis(),
        defaults.holderMillis(),
        defaults.threads(),
        defaults.maxWaitingCalls(),
        defaults.maxWaitMillis(),
        defaults.counterMemoryBytes() / DevLayout.ALLOCS);
  }

  /** The one registry, for the meters of one node: each gets the node's name as a tag. */
  private MeterRegistry meters(String node) {
    CompositeMeterRegistry tagged = new CompositeMeterRegistry();
    tagged.config().commonTags("node", node);
    tagged.add(registry);
    return tagged;
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
