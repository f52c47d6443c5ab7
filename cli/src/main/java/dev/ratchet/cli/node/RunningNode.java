package dev.ratchet.cli.node;

import dev.ratchet.alloc.AllocConfig;
import dev.ratchet.alloc.AllocNode;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.router.Router;
import dev.ratchet.router.RouterConfig;
import dev.ratchet.store.StoreConfig;
import dev.ratchet.store.StoreNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A node of any role that runs in this process. */
public final class RunningNode implements AutoCloseable {
  private final String name;
  private final BooleanSupplier ready;
  private final Supplier<String> health;
  private final Runnable stop;

  RunningNode(String name, BooleanSupplier ready, Supplier<String> health, Runnable stop) {
    this.name = name;
    this.ready = ready;
    this.health = health;
    this.stop = stop;
  }

  /** Starts a store node; {@code waiting} is told what its first start waits for. */
  public static RunningNode store(
      StoreConfig config, MeterRegistry registry, Consumer<String> waiting) throws IOException {
    StoreNode node = StoreNode.start(config, registry, waiting);
    return new RunningNode(config.node(), node::isReady, node::health, node::close);
  }

  /** Starts an allocation node. */
  public static RunningNode alloc(AllocConfig config, MeterRegistry registry) throws IOException {
    return of(config, AllocNode.start(config, registry));
  }

  /**
   * Starts an allocation node on event loops that routers of this process share.
   *
   * @param direct completed with the way to call it from those loops
   */
  public static RunningNode alloc(
      AllocConfig config,
      MeterRegistry registry,
      EventLoops loops,
      CompletableFuture<DirectOwner> direct)
      throws IOException {
    try {
      AllocNode node = AllocNode.start(config, registry, loops);
      direct.complete(node.direct());
      return of(config, node);
    } finally {
      direct.completeExceptionally(new IOException(config.node() + " failed to start"));
    }
  }

  private static RunningNode of(AllocConfig config, AllocNode node) {
    return new RunningNode(config.node(), node::isReady, node::health, node::close);
  }

  /** Starts a router. */
  public static RunningNode router(RouterConfig config, MeterRegistry registry) throws IOException {
    return of(config, Router.start(config, registry));
  }

  /** Starts a router beside allocation nodes of this process, on the same event loops. */
  public static RunningNode router(
      RouterConfig config, MeterRegistry registry, EventLoops loops, List<DirectOwner> owners)
      throws IOException {
    return of(config, Router.start(config, registry, loops, owners));
  }

  private static RunningNode of(RouterConfig config, Router node) {
    return new RunningNode(config.node(), node::isReady, node::health, node::close);
  }

  /** The node's id. */
  public String name() {
    return name;
  }

  /** Whether it serves. */
  public boolean isReady() {
    return ready.getAsBoolean();
  }

  /** Its state in words. */
  public String describe() {
    return health.get();
  }

  /** Stops it gracefully. */
  @Override
  public void close() {
    stop.run();
  }
}
