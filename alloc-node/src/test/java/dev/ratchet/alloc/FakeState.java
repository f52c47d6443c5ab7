package dev.ratchet.alloc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the store by which sections are owned, as docs/architecture.md gives them. Grants
 * what nobody owns to the youngest living node that stays. Thread-safe.
 */
final class FakeState {
  private final RouteTable routes;
  private final Map<Integer, Namespace> namespaces = new TreeMap<>();
  private final Map<SectionRef, Owned> sections =
      new TreeMap<>(
          Comparator.comparingInt(SectionRef::namespaceId).thenComparingInt(SectionRef::section));
  private final TreeMap<Integer, Living> leases = new TreeMap<>();
  private int incarnations;

  private static final class Owned {
    int owner;
    long epoch;
    long base;
    long maxSeq;
    long changedAt;
    boolean released = true;
    int moveTo;
    List<byte[]> chunks = new ArrayList<>();
  }

  private static final class Living {
    final RegisterRequest request;
    boolean leaving;

    Living(RegisterRequest request) {
      this.request = request;
    }
  }

  FakeState(RouteTable routes) {
    this.routes = routes;
  }

  synchronized Namespace add(Namespace namespace) {
    Namespace known = namespace.withId(namespaces.size() + 1);
    namespaces.put(known.id(), known);
    for (int index = 0; index < known.sectionCount(); index++) {
      sections.put(new SectionRef(known.id(), index), new Owned());
    }
    place();
    return known;
  }

  synchronized int register(RegisterRequest request) {
    for (Map.Entry<Integer, Living> lease : leases.entrySet()) {
      if (lease.getValue().request.node().equals(request.node())) {
        if (lease.getValue().request.process() == request.process()) {
          return lease.getKey();
        }
        throw new RatchetException(ErrorCode.NODE_ID_IN_USE, "node id in use, said the test");
      }
    }
    leases.put(++incarnations, new Living(request));
    place();
    return incarnations;
  }

  synchronized List<SectionRef> renew(RenewRequest request) {
    Living lease = living(request.incarnation());
    if (request.leaving() && !lease.leaving) {
      lease.leaving = true;
    }
    return sections.entrySet().stream()
        .filter(entry -> entry.getValue().owner == request.incarnation())
        .filter(entry -> entry.getValue().moveTo != 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Living living(int incarnation) {
    Living lease = leases.get(incarnation);
    if (lease == null) {
      throw new RatchetException(ErrorCode.STALE_INCARNATION, "the lease is over, said the test");
    }
    return lease;
  }

  /** Ends a lease as the store's leader does when its wait is over. */
  synchronized void expire(int incarnation) {
    leases.remove(incarnation);
    place();
  }

  /** Wants a section at another living node, to be released by its owner. */
  synchronized void move(int namespaceId, int section, int incarnation) {
    Owned owned = section(namespaceId, section);
    owned.moveTo = owned.owner == incarnation ? 0 : incarnation;
  }

  synchronized int owner(int namespaceId, int section) {
    return section(namespaceId, section).owner;
  }

  synchronized long epoch(int namespaceId, int section) {
    return section(namespaceId, section).epoch;
  }

  synchronized long maxSeq(int namespaceId, int section) {
    return section(namespaceId, section).maxSeq;
  }

  synchronized List<Integer> incarnations() {
    return List.copyOf(leases.keySet());
  }

  private Owned section(int namespaceId, int section) {
    return Objects.requireNonNull(sections.get(new SectionRef(namespaceId, section)));
  }

  synchronized List<RaiseResult> raise(RaiseRequest request) {
    living(request.incarnation());
    List<RaiseResult> results = new ArrayList<>();
    for (RaiseItem item : request.items()) {
      Owned owned = section(item.namespaceId(), item.section());
      ErrorCode error = null;
      if (owned.owner != request.incarnation() || owned.epoch != item.epoch()) {
        error = ErrorCode.STALE_EPOCH;
      } else if (owned.maxSeq != item.target() && owned.maxSeq != item.expected()) {
        error = ErrorCode.STALE_MAX_SEQ;
      } else {
        owned.maxSeq = item.target();
      }
      results.add(result(owned, error));
    }
    return results;
  }

  synchronized List<SectionRef> stale(ConfirmRequest request) {
    List<SectionRef> stale = new ArrayList<>();
    for (SectionEpoch asked : request.sections()) {
      Owned owned = section(asked.namespaceId(), asked.section());
      if (owned.owner != request.incarnation() || owned.epoch != asked.epoch()) {
        stale.add(asked.ref());
      }
    }
    return stale;
  }

  /** Grants a section to another while its owner lives, as the store may in strict namespaces. */
  synchronized void takeOver(int namespaceId, int section, int incarnation) {
    Owned owned = section(namespaceId, section);
    owned.owner = incarnation;
    owned.epoch++;
    owned.base = owned.maxSeq;
    owned.maxSeq += Objects.requireNonNull(namespaces.get(namespaceId)).step();
  }

  private static RaiseResult result(Owned owned, @Nullable ErrorCode error) {
    return new RaiseResult(error == null ? 0 : error.number(), owned.epoch, owned.maxSeq);
  }

  synchronized List<RaiseResult> release(ReleaseRequest request) {
    boolean alive = leases.containsKey(request.incarnation());
    List<RaiseResult> results = new ArrayList<>();
    for (ReleaseItem item : request.items()) {
      Owned owned = section(item.namespaceId(), item.section());
      boolean repeat =
          item.last() && owned.owner == 0 && owned.released && owned.epoch == item.epoch();
      ErrorCode error = alive ? check(request, item, owned) : ErrorCode.STALE_INCARNATION;
      if (!repeat && error == null) {
        take(item, owned);
      }
      results.add(result(owned, repeat ? null : error));
    }
    if (request.leave()) {
      leases.remove(request.incarnation());
    }
    place();
    return results;
  }

  private static @Nullable ErrorCode check(ReleaseRequest request, ReleaseItem item, Owned owned) {
    if (owned.owner != request.incarnation() || owned.epoch != item.epoch()) {
      return ErrorCode.STALE_EPOCH;
    }
    if (owned.maxSeq != item.maxSeq()) {
      return ErrorCode.STALE_MAX_SEQ;
    }
    boolean fits = owned.base <= item.base() && item.base() <= owned.maxSeq;
    return fits ? null : ErrorCode.INVALID_ARGUMENT;
  }

  private static void take(ReleaseItem item, Owned owned) {
    if (item.chunk() == 0) {
      owned.chunks = new ArrayList<>();
    }
    if (item.positions().length > 0) {
      owned.chunks.add(item.positions());
    }
    if (item.last()) {
      owned.owner = 0;
      owned.base = item.base();
      owned.released = true;
    }
  }

  synchronized byte[] handover(HandoverRequest request) {
    living(request.incarnation());
    Owned owned = section(request.namespaceId(), request.section());
    if (owned.owner != request.incarnation() || owned.epoch != request.epoch()) {
      throw new RatchetException(ErrorCode.STALE_EPOCH, "another's, said the test");
    }
    return owned.chunks.get(request.chunk());
  }

  synchronized GrantsReply grants(GrantsRequest request) {
    living(request.incarnation());
    List<Grant> grants = new ArrayList<>();
    sections.forEach(
        (ref, owned) -> {
          if (owned.owner == request.incarnation() && owned.changedAt > request.version()) {
            grants.add(
                new Grant(
                    ref.namespaceId(),
                    ref.section(),
                    owned.epoch,
                    owned.base,
                    owned.maxSeq,
                    owned.chunks.size()));
          }
        });
    return new GrantsReply(routes.version(), grants);
  }

  /** Grants what nobody living owns, and tells the routes. */
  private void place() {
    long version = routes.version() + 1;
    List<SectionRun> runs = new ArrayList<>();
    sections.forEach(
        (ref, owned) -> {
          if (owned.owner == 0 || !leases.containsKey(owned.owner)) {
            grant(ref, owned, version);
          }
          runs.add(new SectionRun(ref.namespaceId(), ref.section(), 1, owned.owner, owned.epoch));
        });
    List<OwnerInfo> owners = new ArrayList<>();
    leases.forEach(
        (incarnation, lease) -> {
          RegisterRequest as = lease.request;
          owners.add(new OwnerInfo(incarnation, as.node(), as.zone(), as.host(), as.port()));
        });
    routes.apply(
        new RouteDelta(routes.version(), version, List.copyOf(namespaces.values()), owners, runs));
  }

  private void grant(SectionRef ref, Owned owned, long version) {
    int receiver = leases.containsKey(owned.moveTo) ? owned.moveTo : youngest();
    owned.moveTo = 0;
    if (receiver == 0) {
      return;
    }
    if (!owned.released || owned.epoch == 0) {
      Namespace namespace = Objects.requireNonNull(namespaces.get(ref.namespaceId()));
      owned.base = owned.maxSeq;
      owned.maxSeq += namespace.step();
      owned.chunks = new ArrayList<>();
    }
    owned.epoch++;
    owned.owner = receiver;
    owned.released = false;
    owned.changedAt = version;
  }

  private int youngest() {
    return leases.descendingMap().entrySet().stream()
        .filter(lease -> !lease.getValue().leaving)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }
}
