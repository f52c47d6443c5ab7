package dev.ratchet.router.resp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What the Redis port measures. Thread-safe. */
final class RespMetrics {
  final Counter commands;
  final Counter faults;
  final Counter refused;
  final Counter cutOff;
  final AtomicInteger connections = new AtomicInteger();

  RespMetrics(MeterRegistry registry) {
    commands = counter(registry, "commands", "Commands read");
    faults = counter(registry, "faults", "Connections closed for bytes that are no command");
    refused = counter(registry, "refused", "Connections refused, being too many");
    cutOff = counter(registry, "cut.off", "Connections closed for leaving replies unread");
    registry.gauge("ratchet.router.resp.connections", connections);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("ratchet.router.resp." + name)
        .description(description)
        .register(registry);
  }
}
