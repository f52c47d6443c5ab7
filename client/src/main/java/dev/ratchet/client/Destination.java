package dev.ratchet.client;

import dev.ratchet.proto.key.Namespace;
import org.jspecify.annotations.Nullable;

/** Where calls go: to the owners of their sections, or to routers. Thread-safe. */
interface Destination extends AutoCloseable {
  /** The link for a call's next attempt, or null while nobody serves its section. */
  @Nullable Link linkFor(SequenceCall call, Namespace namespace);

  /** Whether an attempt now has a better chance than the last one, so waiting is of no use. */
  boolean isBetterNow(SequenceCall call);

  /** The route table changed. */
  void routesChanged();

  @Override
  void close();
}
