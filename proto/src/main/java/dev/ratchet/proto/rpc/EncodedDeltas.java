package dev.ratchet.proto.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.proto.message.RouteDelta;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * What changed in a route table since a version, encoded once for all who ask from there until the
 * table changes. To find it takes a walk over all sections. Thread-safe.
 */
final class EncodedDeltas {
  /** Versions kept; nearly all callers are at the last one, or have none. */
  static final int MAX_KEPT = 8;

  private final LongSupplier version;
  private final LongFunction<RouteDelta> since;

  @GuardedBy("this")
  private final Map<Long, byte[]> kept = new HashMap<>();

  @GuardedBy("this")
  private long keptFor;

  /**
   * @param version the table's
   * @param since finds what changed since a version
   */
  EncodedDeltas(LongSupplier version, LongFunction<RouteDelta> since) {
    this.version = version;
    this.since = since;
  }

  /** The message, shared; it leads to the table's version as it is at the call, or a later one. */
  synchronized byte[] since(long from) {
    keepFor(version.getAsLong());
    byte[] known = kept.get(from);
    if (known != null) {
      return known;
    }
    RouteDelta delta = since.apply(from);
    keepFor(delta.version());
    byte[] encoded = RouteDelta.SCHEMA.encode(delta);
    if (kept.size() < MAX_KEPT) {
      kept.put(from, encoded);
    }
    return encoded;
  }

  @GuardedBy("this")
  private void keepFor(long now) {
    if (now != keptFor) {
      kept.clear();
      keptFor = now;
    }
  }
}
