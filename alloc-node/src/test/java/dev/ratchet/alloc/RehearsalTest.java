package dev.ratchet.alloc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.proto.time.MonotonicClock;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private final EventLoops loops = new EventLoops("rehearsal", 1);

  private final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor();
  private final Rehearsal rehearsal =
      new Rehearsal(loops, control, MonotonicClock.system(), 60_000);

  @AfterEach
  void close() {
    control.shutdownNow();
    loops.close();
  }

  @Test
  void callsAreMadeAndTheirRefusalsMeanNothing() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (RpcServer server =
        RpcServer.builder(() -> 0L)
            .on(
                Calls.ISSUE,
                (request, context) -> {
                  calls.incrementAndGet();
                  throw new RatchetException(ErrorCode.LEASE_LOST, "no lease yet");
                })
            .bind(loops, new HostPort("127.0.0.1", 0))) {
      rehearsal.run(new HostPort("127.0.0.1", server.port()));
      assertEquals(Rehearsal.ROUNDS, calls.get());
    }
  }

  /** A node that can't reach itself, as behind some firewalls, starts all the same. */
  @Test
  void aNodeThatCanNotBeReachedIsNotHeldUp() {
    rehearsal.run(new HostPort("127.0.0.1", 1));
  }
}
