package dev.ratchet.cli.node;

import dev.ratchet.alloc.AllocConfig;
import dev.ratchet.alloc.AllocNode;
import dev.ratchet.router.Router;
import dev.ratchet.router.RouterConfig;
import dev.ratchet.store.StoreConfig;
import dev.ratchet.store.StoreNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
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
    AllocNode node = AllocNode.start(config, registry);
    return new RunningNode(config.node(), node::isReady, node::health, node::close);
  }

  /** Starts a router. */
  public static RunningNode router(RouterConfig config, MeterRegistry registry) throws IOException {
    Router node = Router.start(config, registry);
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
