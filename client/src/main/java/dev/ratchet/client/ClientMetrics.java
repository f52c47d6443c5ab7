package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a client measures. Thread-safe. */
final class ClientMetrics {
  private final Timer latency;
  private final Counter retries;
  private final Counter stale;
  private final DistributionSummary batchKeys;
  private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);
  private final AtomicInteger connections = new AtomicInteger();

  ClientMetrics(MeterRegistry registry, String client, AtomicInteger outstanding) {
    Tags tags = Tags.of("client", client);
    latency =
        Timer.builder("ratchet.client.calls")
            .description("Calls and their time, retries included")
            .tags(tags)
            .register(registry);
    retries =
        Counter.builder("ratchet.client.retries")
            .description("Attempts that failed and were tried again")
            .tags(tags)
            .register(registry);
    stale =
        Counter.builder("ratchet.client.stale.answers")
            .description("Answers dropped because a higher epoch had been seen")
            .tags(tags)
            .register(registry);
    batchKeys =
        DistributionSummary.builder("ratchet.client.batch.keys")
            .description("Keys sent together")
            .tags(tags)
            .register(registry);
    for (ErrorCode code : ErrorCode.values()) {
      errors.put(
          code,
          Counter.builder("ratchet.client.errors")
              .description("Calls that failed")
              .tag("code", code.name())
              .tags(tags)
              .register(registry));
    }
    Gauge.builder("ratchet.client.outstanding", outstanding, AtomicInteger::get)
        .description("Calls under way")
        .tags(tags)
        .register(registry);
    Gauge.builder("ratchet.client.connections", connections, AtomicInteger::get)
        .description("Open connections that calls go over")
        .tags(tags)
        .register(registry);
  }

  void answered(long nanos) {
    latency.record(nanos, TimeUnit.NANOSECONDS);
  }

  void failed(ErrorCode code) {
    Counter counter = errors.get(code);
    if (counter != null) {
      counter.increment();
    }
  }

  void retried() {
    retries.increment();
  }

  void droppedStale() {
    stale.increment();
  }

  void sent(int keys) {
    batchKeys.record(keys);
  }

  void connected() {
    connections.incrementAndGet();
  }

  void disconnected() {
    connections.decrementAndGet();
  }
}
