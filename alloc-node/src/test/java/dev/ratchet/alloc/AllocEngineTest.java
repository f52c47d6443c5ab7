package dev.ratchet.alloc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.store.StoreApi;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How the parts of an engine are wired, on a control thread whose time stands still. */
class AllocEngineTest {
  private static final HostPort NOWHERE = new HostPort("127.0.0.1", 1);
  private static final int RENEW = 1_000;
  private static final int SWEEP = 10;

  private final ManualControl control = new ManualControl();
  private final ManualControl loop = new ManualControl();
  private final ScriptedStore store = new ScriptedStore();
  private boolean clockFails;
  private int looks;
  private final AllocEngine engine =
      new AllocEngine(
          new AllocConfig(
              "a", "z", NOWHERE, "h", List.of(NOWHERE), RENEW, 5_000, 1, 10, 250, 1 << 24),
          new AllocEngine.Surroundings(store, control, List.of(loop), this::nanos, () -> 42),
          process -> new RegisterRequest("a", "z", "h", 1, process, 5_000));

  private long nanos() {
    looks++;
    if (clockFails) {
      clockFails = false;
      throw new IllegalStateException("on purpose");
    }
    return control.nanos();
  }

  /** Answers what keeps a lease, and leaves the rest to the test. */
  private static final class ScriptedStore implements StoreApi {
    final List<Object> leaseCalls = new ArrayList<>();
    final Asked<GrantsRequest, GrantsReply> grants = new Asked<>();
    final Asked<ReleaseRequest, ReleaseReply> releases = new Asked<>();
    final Asked<RoutesRequest, RouteDelta> routes = new Asked<>();
    List<SectionEpoch> halted = List.of();
    boolean leaseOver;
    private int incarnations = 6;

    Object lastOfLease() {
      return leaseCalls.get(leaseCalls.size() - 1);
    }

    @Override
    public CompletableFuture<RegisterReply> register(RegisterRequest request) {
      leaseCalls.add(request);
      leaseOver = false;
      return CompletableFuture.completedFuture(new RegisterReply(++incarnations));
    }

    @Override
    public CompletableFuture<RenewReply> renew(RenewRequest request) {
      leaseCalls.add(request);
      return leaseOver
          ? CompletableFuture.failedFuture(
              new RatchetException(ErrorCode.STALE_INCARNATION, "the lease is over"))
          : CompletableFuture.completedFuture(new RenewReply(1, List.of(), halted, List.of()));
    }

    @Override
    public CompletableFuture<WitnessReply> witness(WitnessRequest request) {
      leaseCalls.add(request);
      return CompletableFuture.completedFuture(new WitnessReply(List.of()));
    }

    @Override
    public CompletableFuture<GrantsReply> grants(GrantsRequest request) {
      return grants.ask(request);
    }

    @Override
    public CompletableFuture<ReleaseReply> release(ReleaseRequest request) {
      return releases.ask(request);
    }

    @Override
    public CompletableFuture<RouteDelta> routes(RoutesRequest request) {
      return routes.ask(request);
    }

    @Override
    public CompletableFuture<HandoverReply> handover(HandoverRequest request) {
      throw new AssertionError("no positions were left");
    }

    @Override
    public CompletableFuture<RaiseReply> raise(RaiseRequest request) {
      throw new AssertionError("no number is taken");
    }

    @Override
    public CompletableFuture<ConfirmReply> confirm(ConfirmRequest request) {
      throw new AssertionError("no number is taken");
    }
  }

  /** Sections 0 and 1 are served. */
  @BeforeEach
  void serve() {
    engine.start();
    run();
    Namespace namespace = Namespace.string("s", 4, 10).withId(1);
    store.routes.answer(new RouteDelta(0, 1, List.of(namespace), List.of(), List.of()));
    run();
    store.grants.answer(
        new GrantsReply(1, List.of(new Grant(1, 0, 3, 0, 110, 0), new Grant(1, 1, 3, 0, 210, 0))));
    run();
    assertNotNull(section(0));
    assertNotNull(section(1));
  }

  private void run() {
    for (int round = 0; round < 5; round++) {
      loop.run();
      control.run();
    }
  }

  private @Nullable Section section(int index) {
    return Objects.requireNonNull(engine.tenure()).sections().get(1, index);
  }

  @Test
  void whatWasSeenCommittedIsToldWithRenewalsAndBeforeTheNextRegistration() {
    List<WitnessItem> seen = List.of(new WitnessItem(1, 0, 3, 110), new WitnessItem(1, 1, 3, 210));
    control.advance(RENEW);
    assertEquals(seen, ((RenewRequest) store.lastOfLease()).witness());
    store.leaseOver = true;
    store.leaseCalls.clear();
    control.advance(RENEW);
    assertEquals(new WitnessRequest(seen), store.leaseCalls.get(1));
    assertTrue(store.leaseCalls.get(2) instanceof RegisterRequest, store.leaseCalls::toString);
  }

  @Test
  void aSectionThatTheStoreHasHaltedIsServedNoMore() {
    Section halted = Objects.requireNonNull(section(0));
    store.halted = List.of(new SectionEpoch(1, 0, 3), new SectionEpoch(1, 1, 2));
    control.advance(RENEW);
    assertFalse(halted.isOpen());
    assertNull(section(0));
    assertNotNull(section(1), "granted after it was halted");
  }

  /** Once the lease is given up, another may serve what was granted here meanwhile. */
  @Test
  void whileAllIsGivenBackNothingMoreIsTakenOn() {
    CompletableFuture<GrantsReply> poll = store.grants.take();
    CompletableFuture<Void> done = engine.giveAllBack();
    run();
    store.grants.answer(new GrantsReply(1, List.of()));
    run();
    assertEquals(1, store.releases.open());
    poll.complete(new GrantsReply(2, List.of(new Grant(1, 2, 3, 0, 10, 0))));
    run();
    assertNull(section(2));
    assertFalse(done.isDone());
  }

  @Test
  void aPeriodicTaskThatFailsSaysSoAndGoesOn() {
    Logger logger = (Logger) LoggerFactory.getLogger(AllocEngine.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    logger.setAdditive(false);
    try {
      clockFails = true;
      control.advance(SWEEP);
      assertFalse(clockFails);
      assertEquals("on purpose", log.list.get(0).getThrowableProxy().getMessage());
      int before = looks;
      control.advance(SWEEP);
      assertTrue(looks > before, "deadlines are looked at");
      assertEquals(1, log.list.size());
    } finally {
      logger.detachAppender(log);
      logger.setAdditive(true);
    }
  }
}
