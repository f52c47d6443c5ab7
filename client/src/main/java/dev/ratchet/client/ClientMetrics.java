package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
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

  ClientMetrics(MeterRegistry registry, AtomicInteger outstanding) {
    latency =
        Timer.builder("ratchet.client.calls")
            .description("Calls and their time, retries included")
            .register(registry);
    retries =
        Counter.builder("ratchet.client.retries")
            .description("Attempts that failed and were tried again")
            .register(registry);
    stale =
        Counter.builder("ratchet.client.stale.answers")
            .description("Answers dropped because a higher epoch had been seen")
            .register(registry);
    batchKeys =
        DistributionSummary.builder("ratchet.client.batch.keys")
            .description("Keys sent together")
            .register(registry);
    for (ErrorCode code : ErrorCode.values()) {
      errors.put(
          code,
          Counter.builder("ratchet.client.errors")
              .description("Calls that failed")
              .tag("code", code.name())
              .register(registry));
    }
    registry.gauge("ratchet.client.outstanding", outstanding);
    registry.gauge("ratchet.client.connections", connections);
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

  /** Open connections to owners; links count up and down. */
  AtomicInteger connections() {
    return connections;
  }
}
