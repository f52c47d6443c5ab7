package dev.ratchet.alloc.handover;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.lease.Witness;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes on the sections granted to one tenure: follows the store's grants by long poll, loads the
 * positions that the last owner left, and only then serves the section. Confined to the control
 * thread.
 *
 * <p>Invariants: an epoch of a section is taken on at most once by a process, however often its
 * grant is told, since its memory may be in use, given back or lost; none is taken on that ends
 * below what was seen committed; a section is served only with all positions that were left for it,
 * or else from its ceiling, below which anything may have been issued; one that was taken away
 * meanwhile is not served, and keeps no other from being loaded.
 */
public final class GrantFeed {
  private static final Logger LOG = LoggerFactory.getLogger(GrantFeed.class);

  /** Sections whose positions are loaded at a time. */
  private static final int MAX_LOADS = 8;

  private static final int POLL_MILLIS = 2_000;
  private static final int RETRY_MILLIS = 50;
  private static final int CATCH_UP_MILLIS = 5;

  /** What the feed asks of the store. */
  public interface Store {
    CompletableFuture<GrantsReply> grants(GrantsRequest request);

    CompletableFuture<HandoverReply> handover(HandoverRequest request);
  }

  private final Store store;
  private final Tenure tenure;
  private final RouteTable routes;
  private final CounterMemory memory;
  private final Witness witness;
  private final SectionExit exit;
  private final ScheduledExecutorService control;
  private final Queue<Grant> toLoad = new ArrayDeque<>();
  private boolean closed;
  private long version;
  private int loads;

  /** Sections that the store did not know to be this node's, to be asked about again. */
  private int doubted;

  /**
   * {@code routes}: as far as this node knows them; {@code witness}: what the process saw
   * committed.
   */
  public GrantFeed(
      Store store,
      Tenure tenure,
      RouteTable routes,
      CounterMemory memory,
      Witness witness,
      SectionExit exit,
      ScheduledExecutorService control) {
    this.exit = exit;
    this.store = store;
    this.tenure = tenure;
    this.routes = routes;
    this.memory = memory;
    this.witness = witness;
    this.control = control;
  }

  /** Starts to follow, until the tenure ends. */
  public void start() {
    poll();
  }

  /**
   * Takes on everything granted up to now.
   *
   * @return completed on the control thread once all of it is served, or the tenure is over
   */
  public CompletableFuture<Void> catchUp() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    catchUp(done);
    return done;
  }

  private void catchUp(CompletableFuture<Void> done) {
    store
        .grants(new GrantsRequest(tenure.incarnation(), version, 0))
        .whenComplete((reply, failure) -> control.execute(() -> caughtUp(done, reply)));
  }

  private void caughtUp(CompletableFuture<Void> done, @Nullable GrantsReply reply) {
    boolean taken = reply != null && mayServe() && takeOn(reply);
    boolean complete = taken && reply != null && reply.grants().isEmpty();
    if (taken && reply != null) {
      version = reply.version();
    }
    if (!mayServe() || (complete && loads == 0 && doubted == 0 && toLoad.isEmpty())) {
      done.complete(null);
    } else {
      control.schedule(() -> catchUp(done), CATCH_UP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Serves nothing more, not even what is being loaded. */
  public void close() {
    closed = true;
    toLoad.clear();
  }

  private boolean mayServe() {
    return !closed && !tenure.lease().isEnded();
  }

  private void poll() {
    if (!mayServe()) {
      return;
    }
    store
        .grants(new GrantsRequest(tenure.incarnation(), version, POLL_MILLIS))
        .whenComplete((reply, failure) -> control.execute(() -> polled(reply, failure)));
  }

  private void polled(@Nullable GrantsReply reply, @Nullable Throwable failure) {
    if (!mayServe()) {
      return;
    }
    if (reply == null || !takeOn(reply)) {
      if (failure != null) {
        LOG.debug("grants will be asked for again: {}", RatchetException.of(failure).getMessage());
      }
      control.schedule(this::poll, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    version = reply.version();
    poll();
  }

  /** False while a namespace among the grants is not known here yet. */
  private boolean takeOn(GrantsReply reply) {
    boolean all = true;
    for (Grant grant : reply.grants()) {
      Namespace namespace = routes.namespace(grant.namespaceId());
      if (namespace == null) {
        all = false;
      } else {
        takeOn(grant, namespace);
      }
    }
    loadNext();
    return all;
  }

  private void takeOn(Grant grant, Namespace namespace) {
    if (grant.section() < 0 || grant.section() >= namespace.sectionCount()) {
      LOG.error("{} has no section {}, but it was granted", namespace, grant.section());
      return;
    }
    if (grant.epoch() <= witness.epoch(grant.namespaceId(), grant.section())) {
      return;
    }
    long seen = witness.maxSeq(grant.namespaceId(), grant.section());
    if (grant.maxSeq() < seen) {
      // The store will halt it, being told what was seen with one of the next renewals.
      LOG.error(
          "section {} of '{}' is not served: it was granted up to {}, but a ceiling of {} was"
              + " committed before, so the store has gone back in time",
          grant.section(),
          namespace.name(),
          grant.maxSeq(),
          seen);
      return;
    }
    witness.saw(namespace, grant.section(), grant.epoch(), grant.maxSeq());
    if (grant.handoverChunks() == 0) {
      serve(newSection(grant, namespace, grant.base()));
    } else if (grant.positions().length > 0) {
      new Load(grant, namespace).loaded(grant.positions());
    } else {
      toLoad.add(grant);
    }
  }

  private Section newSection(Grant grant, Namespace namespace, long base) {
    return Section.granted(namespace, grant.section(), grant.epoch(), base, grant.maxSeq(), memory);
  }

  private void serve(Section section) {
    Section replaced = tenure.sections().put(section);
    if (replaced != null) {
      exit.leave(
          tenure, List.of(replaced), ErrorCode.NOT_OWNER, replaced + " was granted once more");
    }
  }

  private void loadNext() {
    if (!mayServe()) {
      toLoad.clear();
    }
    while (loads < MAX_LOADS && !toLoad.isEmpty()) {
      Grant grant = toLoad.remove();
      new Load(grant, Objects.requireNonNull(routes.namespace(grant.namespaceId()))).next();
    }
  }

  /**
   * Whether the section is known to have been taken away since it was granted, as one of a strict
   * namespace or of a halted section can be while the lease lasts. A grant raises the epoch, so
   * under the grant's own epoch only what came after the grant can name another owner, or none.
   */
  private boolean isTakenAway(Grant grant) {
    if (witness.epoch(grant.namespaceId(), grant.section()) > grant.epoch()) {
      return true;
    }
    Route known = routes.route(grant.namespaceId(), grant.section());
    if (known == null || known.epoch() < grant.epoch()) {
      return false;
    }
    OwnerInfo owner = known.owner();
    return known.epoch() > grant.epoch()
        || owner == null
        || owner.incarnation() != tenure.incarnation();
  }

  /** Asks again later; until then others are loaded in its place. */
  private void doubt(Grant grant) {
    doubted++;
    control.schedule(
        () -> {
          doubted--;
          toLoad.add(grant);
          loadNext();
        },
        RETRY_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  /** One section whose positions are being loaded. */
  private final class Load {
    private final Grant grant;
    private final Namespace namespace;
    private final Section section;
    private int chunk;

    Load(Grant grant, Namespace namespace) {
      this.grant = grant;
      this.namespace = namespace;
      this.section = newSection(grant, namespace, grant.base());
      loads++;
    }

    /** Asks for the next chunk, if there is one. */
    void next() {
      if (!mayServe()) {
        give(section);
        end();
      } else if (isTakenAway(grant)) {
        LOG.info("{} was taken away before its positions were loaded", section);
        give(section);
        end();
      } else if (chunk == grant.handoverChunks()) {
        serve(section);
        end();
      } else {
        HandoverRequest request =
            new HandoverRequest(
                tenure.incarnation(), grant.namespaceId(), grant.section(), grant.epoch(), chunk);
        store
            .handover(request)
            .whenComplete((reply, failure) -> control.execute(() -> loaded(reply, failure)));
      }
    }

    /** Takes a chunk in. */
    void loaded(byte[] positions) {
      try {
        Positions.load(positions, grant.base(), section);
      } catch (RatchetException e) {
        serveFromCeiling(e);
        return;
      }
      chunk++;
      next();
    }

    private void loaded(@Nullable HandoverReply reply, @Nullable Throwable failure) {
      if (reply != null) {
        loaded(reply.positions());
        return;
      }
      RatchetException error =
          RatchetException.of(failure == null ? new IllegalStateException() : failure);
      if (error.code() == ErrorCode.INVALID_ARGUMENT) {
        serveFromCeiling(error);
      } else if (error.code() == ErrorCode.STALE_EPOCH) {
        // By itself it settles nothing: a store node that no longer leads may not know of the
        // grant. If the section was taken away, the routes will say so.
        give(section);
        doubt(grant);
        end();
      } else {
        LOG.debug("positions of {} will be asked for again: {}", section, error.getMessage());
        control.schedule(this::next, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    /** Without its positions it goes on above all that may have been issued. */
    private void serveFromCeiling(RatchetException why) {
      give(section);
      if (mayServe() && !isTakenAway(grant)) {
        LOG.error(
            "{} skips all numbers up to {}: its positions can't be taken over: {}",
            section,
            grant.maxSeq(),
            why.getMessage());
        serve(newSection(grant, namespace, grant.maxSeq()));
      }
      end();
    }

    private void give(Section unserved) {
      unserved.stop();
      unserved.discard();
    }

    private void end() {
      loads--;
      loadNext();
    }
  }
}
