package dev.ratchet.client;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.DirectOwner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes numbers from owners in this process, routed and guarded like every call, but answered on
 * the spot and without an object made. What can't be answered so is to be {@link
 * RatchetClient#submit submitted}.
 *
 * <p>Numbers taken may be shown only once {@link #confirm} has said that every lease they were
 * taken under still holds: until then a pause of the process may have outlasted one. One object a
 * caller, confined to one of the event loops that the owners were given.
 */
public final class DirectCalls {
  /** {@link #take}: nothing was taken; submit the call. */
  public static final long NOT_NOW = DirectOwner.NOT_NOW;

  private final RouteTable table;
  private final EpochFloor floor;
  private final DirectOwner[] owners;

  /** By owner: whose numbers wait to be confirmed, and how many. */
  private final int[] incarnations;

  private final long[] taken;

  /**
   * By owner: its lease did not hold when it was asked last. It may still be, or again be, valid;
   * until it is, calls that are submitted wait for that, where these would fail and skip numbers.
   */
  private final boolean[] doubted;

  private RouteTable.@Nullable Walk walk;
  private int walkedNamespace;
  private long walkedVersion;

  DirectCalls(RouteTable table, EpochFloor floor, List<DirectOwner> owners) {
    this.table = table;
    this.floor = floor;
    this.owners = owners.toArray(DirectOwner[]::new);
    this.incarnations = new int[this.owners.length];
    this.taken = new long[this.owners.length];
    this.doubted = new boolean[this.owners.length];
  }

  /**
   * Takes numbers of a key.
   *
   * @param key its number, contained in the namespace
   * @return the first of them, not yet to be shown; or {@link #NOT_NOW}
   */
  public long take(Namespace namespace, long key, int count) {
    RouteTable.Walk routes = routes(namespace.id());
    if (routes == null) {
      return NOT_NOW;
    }
    int section = namespace.sectionOf(key);
    routes.at(section);
    OwnerInfo owner = routes.owner();
    int index = owner == null ? -1 : indexOf(owner.incarnation());
    if (owner == null || index < 0 || isDoubtful(index)) {
      return NOT_NOW;
    }
    long epoch = routes.epoch();
    long first =
        owners[index].take(owner.incarnation(), namespace.id(), section, epoch, key, count);
    if (first == NOT_NOW) {
      return NOT_NOW;
    }
    taken[index] += count;
    incarnations[index] = owner.incarnation();
    return floor.accept(namespace, section, epoch) ? first : NOT_NOW;
  }

  private RouteTable.@Nullable Walk routes(int namespaceId) {
    long version = table.version();
    if (walk == null || walkedNamespace != namespaceId || walkedVersion != version) {
      walk = table.walk(namespaceId);
      walkedNamespace = namespaceId;
      walkedVersion = version;
    }
    return walk;
  }

  /** The owner of an incarnation; -1 if it is in another process, or follows one not confirmed. */
  private int indexOf(int incarnation) {
    for (int i = 0; i < owners.length; i++) {
      if (owners[i].incarnation() == incarnation) {
        return taken[i] == 0 || incarnations[i] == incarnation ? i : -1;
      }
    }
    return -1;
  }

  /** Whether an owner's lease did not hold, and does not now. */
  private boolean isDoubtful(int index) {
    if (doubted[index]) {
      DirectOwner owner = owners[index];
      doubted[index] = !owner.confirm(owner.incarnation(), 0);
    }
    return doubted[index];
  }

  /** Whether all that was taken since this was asked last may be shown. */
  public boolean confirm() {
    boolean all = true;
    for (int i = 0; i < owners.length; i++) {
      if (taken[i] != 0) {
        doubted[i] = !owners[i].confirm(incarnations[i], taken[i]);
        all &= !doubted[i];
        taken[i] = 0;
      }
    }
    return all;
  }
}
