package dev.ratchet.alloc.handover;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes on the sections granted to one tenure: follows the store's grants by long poll, loads the
 * positions that the last owner left, and only then serves the section. Confined to the control
 * thread.
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
  private final IntFunction<@Nullable Namespace> namespaces;
  private final CounterMemory memory;
  private final Quiescence quiescence;
  private final ScheduledExecutorService control;
  private final Map<SectionKey, Long> epochs = new HashMap<>();
  private final Queue<Grant> toLoad = new ArrayDeque<>();
  private long version;
  private int loads;

  private record SectionKey(int namespaceId, int section) {}

  /** {@code namespaces}: by id, as far as this node knows them. */
  public GrantFeed(
      Store store,
      Tenure tenure,
      IntFunction<@Nullable Namespace> namespaces,
      CounterMemory memory,
      Quiescence quiescence,
      ScheduledExecutorService control) {
    this.quiescence = quiescence;
    this.store = store;
    this.tenure = tenure;
    this.namespaces = namespaces;
    this.memory = memory;
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
    boolean taken = reply != null && !tenure.lease().isEnded() && takeOn(reply);
    if (taken && reply != null) {
      version = Math.max(version, reply.version());
    }
    boolean complete = taken && reply != null && reply.grants().isEmpty();
    if (tenure.lease().isEnded() || (complete && loads == 0 && toLoad.isEmpty())) {
      done.complete(null);
    } else {
      control.schedule(() -> catchUp(done), CATCH_UP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void poll() {
    if (tenure.lease().isEnded()) {
      return;
    }
    store
        .grants(new GrantsRequest(tenure.incarnation(), version, POLL_MILLIS))
        .whenComplete((reply, failure) -> control.execute(() -> polled(reply, failure)));
  }

  private void polled(@Nullable GrantsReply reply, @Nullable Throwable failure) {
    if (tenure.lease().isEnded()) {
      return;
    }
    if (reply == null || !takeOn(reply)) {
      if (failure != null) {
        LOG.debug("grants will be asked for again: {}", RatchetException.of(failure).getMessage());
      }
      control.schedule(this::poll, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    version = Math.max(version, reply.version());
    poll();
  }

  /** False while a namespace among the grants is not known here yet. */
  private boolean takeOn(GrantsReply reply) {
    for (Grant grant : reply.grants()) {
      Namespace namespace = namespaces.apply(grant.namespaceId());
      if (namespace == null) {
        return false;
      }
      takeOn(grant, namespace);
    }
    loadNext();
    return true;
  }

  private void takeOn(Grant grant, Namespace namespace) {
    SectionKey key = new SectionKey(grant.namespaceId(), grant.section());
    Section held = tenure.sections().get(grant.namespaceId(), grant.section());
    long known = held == null ? epochs.getOrDefault(key, 0L) : held.epoch();
    if (grant.epoch() <= known) {
      return; // told before; its memory may be in use, or given back
    }
    if (grant.handoverChunks() > 0) {
      epochs.put(key, grant.epoch());
      toLoad.add(grant);
    } else {
      serve(newSection(grant, namespace));
    }
  }

  private Section newSection(Grant grant, Namespace namespace) {
    return Section.granted(
        namespace, grant.section(), grant.epoch(), grant.base(), grant.maxSeq(), memory);
  }

  private void serve(Section section) {
    Section replaced = tenure.sections().put(section);
    if (replaced != null) {
      replaced.stop();
      quiescence.then(replaced::discard);
    }
  }

  /**
   * Remembers that a section is given back, so that its grant, told again, is not taken on again.
   */
  public void givenBack(Section section) {
    epochs.put(new SectionKey(section.namespace().id(), section.index()), section.epoch());
  }

  private void loadNext() {
    while (loads < MAX_LOADS && !toLoad.isEmpty()) {
      Grant grant = toLoad.remove();
      Namespace namespace = namespaces.apply(grant.namespaceId());
      if (namespace != null) {
        loads++;
        load(grant, newSection(grant, namespace), 0);
      }
    }
  }

  private void load(Grant grant, Section section, int chunk) {
    if (tenure.lease().isEnded()) {
      section.discard();
      return;
    }
    if (chunk == grant.handoverChunks()) {
      loads--;
      serve(section);
      loadNext();
      return;
    }
    HandoverRequest request =
        new HandoverRequest(
            tenure.incarnation(), grant.namespaceId(), grant.section(), grant.epoch(), chunk);
    store
        .handover(request)
        .whenComplete(
            (reply, failure) ->
                control.execute(() -> loaded(grant, section, chunk, reply, failure)));
  }

  private void loaded(
      Grant grant,
      Section section,
      int chunk,
      @Nullable HandoverReply reply,
      @Nullable Throwable failure) {
    try {
      if (reply != null) {
        Positions.load(reply.positions(), section);
        load(grant, section, chunk + 1);
        return;
      }
    } catch (RatchetException e) {
      LOG.error("positions of {} can't be taken over, so it is not served", section, e);
    }
    if (failure != null) {
      LOG.debug("positions of {}: {}", section, RatchetException.of(failure).getMessage());
    }
    control.schedule(() -> load(grant, section, chunk), RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }
}
