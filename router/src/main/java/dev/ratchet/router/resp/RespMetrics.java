package dev.ratchet.router.resp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;

/** What the Redis port measures. Thread-safe. */
final class RespMetrics {
  final Counter commands;
  final Counter faults;
  final Counter refused;
  final Counter cutOff;
  final AtomicInteger connections = new AtomicInteger();

  RespMetrics(MeterRegistry registry, String node) {
    Tags tags = Tags.of("node", node);
    commands = counter(registry, tags, "commands", "Commands read");
    faults = counter(registry, tags, "faults", "Connections closed for bytes that are no command");
    refused = counter(registry, tags, "refused", "Connections refused, being too many");
    cutOff = counter(registry, tags, "cut.off", "Connections closed for leaving replies unread");
    Gauge.builder("ratchet.router.resp.connections", connections, AtomicInteger::get)
        .description("Open connections")
        .tags(tags)
        .register(registry);
  }

  private static Counter counter(
      MeterRegistry registry, Tags tags, String name, String description) {
    return Counter.builder("ratchet.router.resp." + name)
        .description(description)
        .tags(tags)
        .register(registry);
  }
}
