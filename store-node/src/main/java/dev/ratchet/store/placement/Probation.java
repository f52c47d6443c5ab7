package dev.ratchet.store.placement;

import dev.ratchet.proto.message.OwnerInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps sections from nodes whose leases end soon after they began: one that is starved of
 * processor time, or whose clock or network is bad, would take them again and again, and leave
 * their keys without numbers for a lease each time. A node waits longer with each short life in a
 * row, and a long life forgets them all. Not thread-safe.
 */
final class Probation {
  /** A lease that ended within this time was a short one. */
  static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long a node waits after its first short life; twice as long after each one more. */
  static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(5);

  static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Map<Integer, Life> living = new HashMap<>();
  private final Map<String, Wait> waits = new HashMap<>();
  private final List<String> notices = new ArrayList<>();
  private boolean first = true;

  /** A lease as it was seen last. */
  private record Life(String node, long since, boolean leaving) {}

  /** What a node has come to: short lives in a row, and until when it waits after the last. */
  private record Wait(int shortLives, long until) {}

  /** Takes in who holds a lease now. Who is there at the first look may have been for long. */
  void look(Collection<OwnerInfo> owners, long nowNanos) {
    long since = first ? nowNanos - SHORT_NANOS : nowNanos;
    first = false;
    Set<Integer> here = new HashSet<>();
    for (OwnerInfo owner : owners) {
      here.add(owner.incarnation());
      Life known = living.get(owner.incarnation());
      living.put(
          owner.incarnation(),
          new Life(owner.node(), known == null ? since : known.since(), owner.leaving()));
    }
    for (Iterator<Map.Entry<Integer, Life>> lives = living.entrySet().iterator();
        lives.hasNext(); ) {
      Map.Entry<Integer, Life> life = lives.next();
      if (!here.contains(life.getKey())) {
        ended(life.getValue(), nowNanos);
        lives.remove();
      }
    }
  }

  /** A node that left of its own accord has done nothing wrong, however short it was there. */
  private void ended(Life life, long nowNanos) {
    if (life.leaving()) {
      return;
    }
    if (nowNanos - life.since() >= SHORT_NANOS) {
      waits.remove(life.node());
      return;
    }
    Wait before = waits.get(life.node());
    int shortLives = before == null ? 1 : before.shortLives() + 1;
    long wait = FIRST_NANOS;
    for (int i = 1; i < shortLives && wait < MOST_NANOS; i++) {
      wait *= 2;
    }
    wait = Math.min(wait, MOST_NANOS);
    waits.put(life.node(), new Wait(shortLives, nowNanos + wait));
    notices.add(
        String.format(
            Locale.ROOT,
            "the lease of '%s' ended %d ms after it began, time %d in a row: it gets no sections for"
                + " %d s. Is it short of processor time or memory, or its clock or network bad?",
            life.node(),
            TimeUnit.NANOSECONDS.toMillis(nowNanos - life.since()),
            shortLives,
            TimeUnit.NANOSECONDS.toSeconds(wait)));
  }

  /** What operators should hear of, since this was asked last. */
  List<String> takeNotices() {
    List<String> taken = List.copyOf(notices);
    notices.clear();
    return taken;
  }

  /**
   * Those who may get sections now: all but nodes that wait, unless nobody else is there.
   *
   * @param wanted incarnations that operators want sections at, whatever they have come to
   * @param wake told when the next wait ends
   */
  List<OwnerInfo> admitted(Collection<OwnerInfo> owners, Set<Integer> wanted, Wake wake) {
    List<OwnerInfo> admitted =
        owners.stream()
            .filter(owner -> wanted.contains(owner.incarnation()) || !waits(owner, wake))
            .toList();
    boolean anybody = admitted.stream().anyMatch(owner -> !owner.leaving() && !owner.suspect());
    return anybody ? admitted : List.copyOf(owners);
  }

  private boolean waits(OwnerInfo owner, Wake wake) {
    Wait wait = waits.get(owner.node());
    if (wait == null || wake.now() - wait.until() >= 0) {
      return false;
    }
    wake.at(wait.until());
    return true;
  }
}
