package dev.ratchet.alloc;

import dev.ratchet.alloc.barrier.Barrier;
import dev.ratchet.alloc.rpc.IssueHandler;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.window.Raiser;
import dev.ratchet.alloc.window.WaitingRoom;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/**
 * What an allocation node tells of itself. Read when asked for; nothing is looked up on the way of
 * a call.
 */
record AllocMetrics(
    String node,
    Raiser raiser,
    Barrier barrier,
    WaitingRoom waitingRoom,
    IssueHandler issue,
    CounterMemory memory) {

  void bind(MeterRegistry meters, Supplier<Number> leaseLeftSeconds, Supplier<Number> sections) {
    Tags tags = Tags.of("node", node);
    FunctionCounter.builder("ratchet.alloc.numbers", issue, IssueHandler::numbers)
        .description("Numbers issued")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("ratchet.alloc.calls.waited", issue, IssueHandler::waited)
        .description("Calls that had to wait for a ceiling to be raised")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("ratchet.alloc.raises", raiser, Raiser::raises)
        .description("Ceilings raised")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("ratchet.alloc.raise.requests", raiser, Raiser::requests)
        .description("Requests to the store that raise ceilings, each of many sections")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("ratchet.alloc.sections.exhausted", raiser, Raiser::exhausted)
        .description("Sections that came to their last number, near 2^62: worth an alarm")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("ratchet.alloc.barriers", barrier, Barrier::barriers)
        .description("Barriers sent to the store, each of which confirms many strict calls")
        .tags(tags)
        .register(meters);
    Gauge.builder("ratchet.alloc.waiting.calls", waitingRoom, WaitingRoom::size)
        .description("Calls that wait for a ceiling to be raised")
        .tags(tags)
        .register(meters);
    Gauge.builder("ratchet.alloc.sections", sections)
        .description("Sections held")
        .tags(tags)
        .register(meters);
    Gauge.builder("ratchet.alloc.lease.left", leaseLeftSeconds)
        .description("Time until the lease ends")
        .baseUnit("seconds")
        .tags(tags)
        .register(meters);
    Gauge.builder("ratchet.alloc.counter.memory", memory, CounterMemory::usedBytes)
        .description("Memory taken by the last numbers of keys")
        .baseUnit("bytes")
        .tags(tags)
        .register(meters);
  }
}
