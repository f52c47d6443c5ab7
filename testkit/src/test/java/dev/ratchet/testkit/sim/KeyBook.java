package dev.ratchet.testkit.sim;

import dev.ratchet.proto.message.IssueResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the checker knows of a key: every number taken, told and seen. */
final class KeyBook {
  /** No call goes on for longer, so older ends need not be told apart. */
  private static final long LONGEST_CALL = TimeUnit.SECONDS.toNanos(20);

  private final SectionBook section;
  private final long key;

  /** Numbers taken: first → last, runs that touch made one. */
  private final TreeMap<Long, Long> taken = new TreeMap<>();

  private long lastTaken;
  private long lastEpoch;
  private long hidden;
  private int generation;
  private long takenOverIn;
  private long base;

  private final Seen seen = new Seen();
  private final Map<Integer, Session> byClient = new HashMap<>();

  KeyBook(SectionBook section, long key) {
    this.section = section;
    this.key = key;
  }

  @Override
  public String toString() {
    return "key " + key + " in " + section;
  }

  /** A call may take numbers from now on; gives what {@link #tookNot} asks for. */
  int mayTake(int count) {
    forgetTheDead();
    hidden += count;
    section.hide(count);
    return generation;
  }

  /** What an owner that died has hidden lies below the base of the next. */
  private void forgetTheDead() {
    if (takenOverIn != section.takenOverIn()) {
      takenOverIn = section.takenOverIn();
      base = section.record().base();
      generation++;
      hidden = 0;
    }
  }

  /** It took none but those that are told. */
  void tookNot(int count, int since) {
    section.hide(-count);
    if (since == generation) {
      hidden -= count;
    }
  }

  /** Numbers up to the last one taken that nobody was told. */
  long skipped() {
    long told = 0;
    for (Map.Entry<Long, Long> run : taken.entrySet()) {
      told += run.getValue() - run.getKey() + 1;
    }
    return lastTaken - told;
  }

  /** The runs of numbers told, for a message. */
  String gaps() {
    return this + " was told " + taken;
  }

  /** Numbers were taken, and are about to be told. */
  void took(long first, int count, long epoch) {
    long last = first + count - 1;
    section.issues(last, epoch);
    add(first, last);
    long gap = first - 1 - lastTaken;
    boolean isFirstSinceDeath = lastEpoch < section.takenOverIn() && epoch >= section.takenOverIn();
    // The first lies above all that an owner that died may have issued; the section checks how
    // much.
    long most = isFirstSinceDeath ? Math.max(0, base - lastTaken) + hidden : hidden;
    // A strict answer may go out when the next owner serves already: the call began before that.
    boolean isLate = section.isStrict() && epoch < section.record().epoch();
    if (gap > most && section.explainsGaps() && !isLate) {
      throw new Violation(
          Violation.Rule.GAPS,
          this
              + " gives "
              + first
              + " in epoch "
              + epoch
              + " after "
              + lastTaken
              + " in epoch "
              + lastEpoch
              + ", and no owner died in between");
    }
    lastTaken = Math.max(lastTaken, last);
    lastEpoch = Math.max(lastEpoch, epoch);
  }

  private void add(long first, long last) {
    Map.Entry<Long, Long> below = taken.floorEntry(last);
    if (below != null && below.getValue() >= first) {
      throw new Violation(
          Violation.Rule.UNIQUE, this + " gives " + first + " to " + last + " again");
    }
    long start = first;
    long end = last;
    if (below != null && below.getValue() == first - 1) {
      start = below.getKey();
    }
    Long above = taken.remove(last + 1);
    if (above != null) {
      end = above;
    }
    taken.put(start, end);
  }

  boolean isStrict() {
    return section.isStrict();
  }

  long lastTaken() {
    return lastTaken;
  }

  /** The last number is told, to a call that came when it was {@code least}. */
  void told(IssueResult result, long least) {
    if (!section.isOrdered()) {
      return;
    }
    long value = result.value();
    long most = Math.max(lastTaken, base) + hidden;
    boolean right = value >= least && (result.upperBound() || value <= most);
    if (!right) {
      throw new Violation(
          Violation.Rule.CURRENT,
          this
              + " is told to be at "
              + value
              + (result.upperBound() ? " at most" : " exactly")
              + ", and is at "
              + lastTaken
              + ", at least "
              + least);
    }
  }

  /** A caller got numbers of a call that began at a time: above all that was seen before that. */
  void seen(long first, long last, long startedAt, long now) {
    long before = seen.before(startedAt, now);
    if (first <= before && section.isOrdered()) {
      throw new Violation(
          Violation.Rule.REAL_TIME_ORDER,
          this + " gives " + first + " to a call that began after " + before + " was given");
    }
    seen.add(last, now);
  }

  /** A caller was told the last number, in a call that began at a time. */
  void seenCurrent(long value, long startedAt, long now) {
    long before = seen.before(startedAt, now);
    if (value < before && section.isOrdered()) {
      throw new Violation(
          Violation.Rule.CURRENT, this + " is told to be at " + value + " after " + before);
    }
  }

  /**
   * One client got numbers: above those of its calls that ended before this one began, and, under
   * an older epoch than it has seen, none at all that is lower.
   */
  void seenBy(int client, long first, long last, long epoch, long startedAt, long now) {
    Session session = byClient.computeIfAbsent(client, id -> new Session());
    boolean back = epoch < session.epoch && first <= session.seen.highest();
    if (first <= session.seen.before(startedAt, now) || back) {
      throw new Violation(
          Violation.Rule.SESSION_ORDER,
          this
              + " goes back to "
              + first
              + " of epoch "
              + epoch
              + " for client "
              + client
              + ", which has seen "
              + session.seen.highest()
              + " of epoch "
              + session.epoch);
    }
    session.seen.add(last, now);
    session.epoch = Math.max(session.epoch, epoch);
  }

  /** An owner answers, in a call of this key alone. */
  void serves(long epoch) {
    section.serves(epoch);
  }

  /** One client was told the last number: none that is lower than what it has seen. */
  void currentSeenBy(int client, long value, long epoch, long startedAt, long now) {
    seenBy(client, value + 1, value, epoch, startedAt, now);
  }

  /** What one client has seen. */
  private static final class Session {
    final Seen seen = new Seen();
    long epoch;
  }

  /** Ends of calls in order of time, each with the highest number seen by then. */
  private static final class Seen {
    private final Deque<long[]> ends = new ArrayDeque<>();
    private long longAgo;
    private long highest;

    long highest() {
      return highest;
    }

    void add(long last, long now) {
      if (last > highest) {
        highest = last;
        ends.addLast(new long[] {now, last});
      }
    }

    /** The highest number that was seen before a time. */
    long before(long time, long now) {
      while (!ends.isEmpty() && ends.getFirst()[0] < now - LONGEST_CALL) {
        longAgo = ends.removeFirst()[1];
      }
      Iterator<long[]> latest = ends.descendingIterator();
      while (latest.hasNext()) {
        long[] end = latest.next();
        if (end[0] < time) {
          return end[1];
        }
      }
      return longAgo;
    }
  }
}
