package dev.ratchet.router;

import dev.ratchet.client.FakeCluster;
import dev.ratchet.client.FakeDirect;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** A router in front of two scripted allocation nodes, with three namespaces. */
public final class RouterFixture implements AutoCloseable {
  public final FakeCluster cluster;
  public final Namespace users;
  public final Router router;
  public final FakeDirect node;
  private final EventLoops loops;
  public final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  public RouterFixture() throws IOException {
    this(config -> config);
  }

  public RouterFixture(UnaryOperator<RouterConfig> change) throws IOException {
    this(change, false);
  }

  /** {@code direct}: node 1 can be asked without a connection, too. */
  public RouterFixture(UnaryOperator<RouterConfig> change, boolean direct) throws IOException {
    cluster = FakeCluster.of(2);
    users = cluster.create(Namespace.uid("users", 999, 100, 1_000));
    cluster.create(Namespace.string("default", 16, 1_000));
    cluster.create(Namespace.string("orders", 16, 1_000));
    HostPort any = new HostPort("127.0.0.1", 0);
    RouterConfig config =
        RouterConfig.of("router-1", "zone-1", any, any, List.of(cluster.node(1).address()));
    node = new FakeDirect(cluster, 1);
    loops = new EventLoops("shared", 2);
    router =
        Router.start(
            change.apply(withTimeout(config, 10_000)),
            registry,
            loops,
            direct ? List.of(node) : List.of());
  }

  public static RouterConfig withTimeout(RouterConfig c, int millis) {
    return new RouterConfig(
        c.node(),
        c.zone(),
        c.listen(),
        c.resp(),
        c.allocs(),
        2,
        millis,
        c.maxOutstanding(),
        c.maxRespConnections(),
        c.unreadSeconds());
  }

  public static RouterConfig withBounds(
      RouterConfig c, int maxOutstanding, int maxRespConnections, int unreadSeconds) {
    return new RouterConfig(
        c.node(),
        c.zone(),
        c.listen(),
        c.resp(),
        c.allocs(),
        c.threads(),
        c.timeoutMillis(),
        maxOutstanding,
        maxRespConnections,
        unreadSeconds);
  }

  @Override
  public void close() {
    router.close();
    loops.close();
    cluster.close();
  }
}
