package dev.ratchet.store.rpc;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds what was granted to an incarnation since a route version. Thread-safe. */
public final class GrantsQuery {
  /** Most grants in one reply; one entry grants fewer, so a reply always gets on. */
  static final int MAX_GRANTS = 20_000;

  /**
   * Most bytes of positions in one reply. Most sections have a few users that are active, so all
   * that moves at a time fits, and its new owner need not ask for each.
   */
  static final int MAX_POSITIONS_BYTES = Limits.MAX_COMMAND_BYTES;

  private final RouteTable routes;
  private final StateReader reader;
  private final int most;

  public GrantsQuery(RouteTable routes, StateReader reader) {
    this(routes, reader, MAX_GRANTS);
  }

  /** {@code most}: most grants in a reply, at least those of one entry. */
  GrantsQuery(RouteTable routes, StateReader reader, int most) {
    this.routes = routes;
    this.reader = reader;
    this.most = most;
  }

  private record Found(Grant grant, long changedAt) {}

  /** The grants of a version after {@code since}, as the sections are now. */
  public GrantsReply since(int incarnation, long since) {
    // First the version: what is granted while we look is in the next reply, if not in this one.
    long version = routes.version();
    long after = since > version ? 0 : since;
    List<Found> found = find(incarnation, after);
    if (found.size() > most) {
      found.sort(Comparator.comparingLong(Found::changedAt));
      version = found.get(most).changedAt() - 1;
    }
    List<Grant> grants = new ArrayList<>();
    int room = MAX_POSITIONS_BYTES;
    for (Found one : found) {
      if (found.size() <= most || one.changedAt() <= version) {
        Grant grant = withPositions(one.grant(), incarnation, room);
        room -= grant.positions().length;
        grants.add(grant);
      }
    }
    return new GrantsReply(version, grants);
  }

  private Grant withPositions(Grant grant, int incarnation, int room) {
    if (grant.handoverChunks() != 1 || room < Limits.MAX_HANDOVER_CHUNK) {
      return grant;
    }
    byte[] chunk = reader.chunk(grant.namespaceId(), grant.section(), 0);
    // The chunk is of this epoch only if the section still is.
    SectionRecord record = reader.section(grant.namespaceId(), grant.section());
    boolean isTheirs = record != null && record.isOwnedBy(incarnation, grant.epoch());
    return chunk == null || !isTheirs ? grant : grant.with(chunk);
  }

  private List<Found> find(int incarnation, long after) {
    List<Found> found = new ArrayList<>();
    for (SectionRun run : routes.since(after).runs()) {
      if (run.owner() != incarnation) {
        continue;
      }
      for (int section = run.first(); section < run.first() + run.count(); section++) {
        SectionRecord record = reader.section(run.namespaceId(), section);
        if (record != null && record.owner() == incarnation && record.changedAt() > after) {
          found.add(new Found(record.toGrant(run.namespaceId(), section), record.changedAt()));
        }
      }
    }
    return found;
  }
}
