package dev.ratchet.store.placement;

import dev.ratchet.proto.key.Namespace;
import java.util.HashMap;
import java.util.Map;

/**
 * What is under way for each section of one namespace: nothing, a grant proposed, or a move that
 * waits for its owner's release; and where operators want it. Not thread-safe.
 *
 * <p>Invariant: a section has a receiver exactly while something is under way.
 */
final class Intents {
  private static final byte NOTHING = 0;
  private static final byte GRANTING = 1;
  private static final byte MOVING = 2;

  private final Namespace namespace;
  private final byte[] stages;
  private final int[] receivers;
  private final long[] proposedAt;
  private final Map<Integer, Long> stuck = new HashMap<>();
  private int moving;
  private Map<Integer, Integer> pins = Map.of();

  Intents(Namespace namespace) {
    this.namespace = namespace;
    this.stages = new byte[namespace.sectionCount()];
    this.receivers = new int[namespace.sectionCount()];
    this.proposedAt = new long[namespace.sectionCount()];
  }

  Namespace namespace() {
    return namespace;
  }

  int sections() {
    return stages.length;
  }

  boolean isGranting(int section) {
    return stages[section] == GRANTING;
  }

  boolean isMoving(int section) {
    return stages[section] == MOVING;
  }

  boolean hasMoves() {
    return moving > 0;
  }

  /** By section, the incarnation that an operator wants it at. */
  void pin(Map<Integer, Integer> wanted) {
    pins = wanted;
  }

  /** The incarnation that an operator wants the section at; 0 for any. */
  int pinOf(int section) {
    return pins.isEmpty() ? 0 : pins.getOrDefault(section, 0);
  }

  /** The incarnation that is to get the section; 0 for none. */
  int receiver(int section) {
    return receivers[section];
  }

  /** When the grant was proposed. */
  long proposedAt(int section) {
    return proposedAt[section];
  }

  void grant(int section, int receiver, long nowNanos) {
    set(section, GRANTING, receiver);
    proposedAt[section] = nowNanos;
  }

  void move(int section, int receiver) {
    set(section, MOVING, receiver);
  }

  /** A grant of the section can't take effect while its epoch is this. */
  void stuck(int section, long epoch) {
    stuck.put(section, epoch);
  }

  /** Whether a grant of the section, at the epoch that it has now, would be in vain. */
  boolean isStuck(int section, long epoch) {
    Long at = stuck.isEmpty() ? null : stuck.get(section);
    return at != null && at == epoch;
  }

  void clear(int section) {
    set(section, NOTHING, 0);
  }

  private void set(int section, byte stage, int receiver) {
    moving += (stage == MOVING ? 1 : 0) - (stages[section] == MOVING ? 1 : 0);
    stages[section] = stage;
    receivers[section] = receiver;
  }
}
