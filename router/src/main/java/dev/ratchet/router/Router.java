package dev.ratchet.router;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.router.resp.RespServer;
import dev.ratchet.router.rpc.NativeDoor;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;

/**
 * A running router: two ports, one client behind both. It keeps nothing, so any number of them may
 * run side by side. It starts whether or not an allocation node can be reached; until then it is
 * not ready and calls wait within their deadline.
 */
public final class Router implements AutoCloseable {
  /** What routers say they are. */
  public static final String VERSION = "0.1.0";

  private final RouterConfig config;
  private final RatchetClient client;
  private final RpcServer rpc;
  private final RespServer resp;
  private final EventLoops loops;

  private Router(
      RouterConfig config, RatchetClient client, RpcServer rpc, RespServer resp, EventLoops loops) {
    this.config = config;
    this.loops = loops;
    this.client = client;
    this.rpc = rpc;
    this.resp = resp;
  }

  /**
   * Starts a router.
   *
   * @throws IllegalArgumentException that names every field of the config that is wrong
   * @throws IOException that names the address which can't be bound
   */
  public static Router start(RouterConfig config, MeterRegistry registry) throws IOException {
    check(config);
    EventLoops loops = new EventLoops("ratchet-router", config.threads());
    return startOn(loops, config, registry, List.of());
  }

  /**
   * Starts a router beside allocation nodes in this process, on the event loops that they were
   * given, too: it asks them without a connection where they answer on the spot. The loops' owner
   * closes them after the router.
   *
   * @throws IllegalArgumentException that names every field of the config that is wrong
   * @throws IOException that names the address which can't be bound
   */
  public static Router start(
      RouterConfig config, MeterRegistry registry, EventLoops loops, List<DirectOwner> owners)
      throws IOException {
    check(config);
    return startOn(loops.lent(), config, registry, owners);
  }

  private static void check(RouterConfig config) {
    List<String> wrong = config.validate();
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException("router config: " + String.join("; ", wrong));
    }
  }

  private static Router startOn(
      EventLoops loops, RouterConfig config, MeterRegistry registry, List<DirectOwner> owners)
      throws IOException {
    RatchetClient client = RatchetClient.connect(config.client(), registry, loops);
    RpcServer rpc = null;
    try {
      rpc =
          new NativeDoor(config.node(), config.zone(), VERSION, client, config.timeoutMillis())
              .bind(loops, config.listen());
      RespServer.Setup setup =
          new RespServer.Setup(
              config.node(),
              VERSION,
              config.resp(),
              config.timeoutMillis(),
              config.maxRespConnections(),
              config.unreadSeconds());
      RespServer resp = RespServer.bind(setup, client, loops, owners, registry);
      return new Router(config, client, rpc, resp, loops);
    } catch (IOException e) {
      if (rpc != null) {
        rpc.close();
      }
      client.close();
      loops.close();
      throw e;
    }
  }

  /** The native port. */
  public HostPort address() {
    return new HostPort(config.listen().host(), rpc.port());
  }

  /** The Redis port. */
  public HostPort respAddress() {
    return new HostPort(config.resp().host(), resp.port());
  }

  /** Whether it knows routes and a living allocation node. */
  public boolean isReady() {
    RouteTable routes = client.routes();
    return routes.version() > 0 && !routes.owners().isEmpty();
  }

  /** One line about its state. */
  public String health() {
    RouteTable routes = client.routes();
    if (routes.version() == 0) {
      return "waiting for routes from "
          + config.allocs()
          + "; is an allocation node running there?";
    }
    return "routes of version "
        + routes.version()
        + ", "
        + routes.owners().size()
        + " allocation nodes, "
        + routes.namespaces().size()
        + " namespaces, "
        + client.outstanding()
        + " calls under way";
  }

  /** Closes both ports, and fails the calls under way. */
  @Override
  public void close() {
    resp.close();
    rpc.close();
    client.close();
    loops.close();
  }
}
