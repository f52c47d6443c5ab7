package dev.ratchet.alloc.window;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a raise, in order of arrival for each section. Thread-safe.
 *
 * <p>Invariants: at most {@code maxCalls} wait; while a call of a section waits, later ones of that
 * section line up behind it, so that calls pipelined on one connection keep their order; each call
 * is answered exactly once.
 */
public final class WaitingRoom {
  private final int maxCalls;
  private final AtomicInteger size = new AtomicInteger();
  private final Map<Section, Line> lines = new ConcurrentHashMap<>();

  /** The line before one section. Removed once it is empty; then it takes no one in any more. */
  private static final class Line {
    @GuardedBy("this")
    final ArrayDeque<WaitingCall> calls = new ArrayDeque<>();

    @GuardedBy("this")
    boolean gone;
  }

  /** What became of a call that wanted to wait. */
  public enum Entry {
    /** It waits; a raise must come. */
    WAITS,
    /** The ceiling was raised meanwhile: it was answered at once. */
    SERVED,
    /** The room is full: it was not taken in, nor answered. */
    FULL
  }

  public WaitingRoom(int maxCalls) {
    this.maxCalls = maxCalls;
  }

  /** Calls that wait now. */
  public int size() {
    return size.get();
  }

  /** Whether calls of this section wait, so that a new one must line up. */
  public boolean isWaiting(Section section) {
    return size.get() > 0 && lines.containsKey(section);
  }

  /** Lets a call wait, unless it can be served now and nobody is before it. */
  public Entry enter(Section section, WaitingCall call) {
    if (size.incrementAndGet() > maxCalls) {
      size.decrementAndGet();
      return Entry.FULL;
    }
    while (true) {
      Line line = lines.computeIfAbsent(section, s -> new Line());
      synchronized (line) {
        if (line.gone) {
          continue;
        }
        // Under the line's lock, since a raise serves the line after it has lifted the ceiling.
        if (!line.calls.isEmpty() || !serve(section, call)) {
          line.calls.add(call);
          return Entry.WAITS;
        }
        size.decrementAndGet();
        removeIfEmpty(section, line);
        return Entry.SERVED;
      }
    }
  }

  /**
   * Serves a section's line after its ceiling was lifted, or refuses it when the section was
   * stopped.
   *
   * @return the first call that still waits, or null
   */
  public @Nullable WaitingCall serve(Section section) {
    Line line = lines.get(section);
    if (line == null) {
      return null;
    }
    synchronized (line) {
      WaitingCall first = line.calls.peek();
      while (first != null && serve(section, first)) {
        line.calls.remove();
        size.decrementAndGet();
        first = line.calls.peek();
      }
      removeIfEmpty(section, line);
      return first;
    }
  }

  private static boolean serve(Section section, WaitingCall call) {
    long first = section.take(call.key(), call.count());
    if (first > 0) {
      call.answer().taken(first);
    } else if (first == Section.STOPPED) {
      call.answer().refused(ErrorCode.NOT_OWNER, "the section is being given back");
    } else if (first == Section.NO_MEMORY) {
      call.answer().refused(ErrorCode.OVERLOADED, "the node has no counter memory left");
    }
    return first != Section.ABOVE_CEILING;
  }

  /** Serves a section's line as far as its ceiling goes, and refuses those above it. */
  public void serveOrRefuse(Section section, ErrorCode code, String message) {
    Line line = lines.get(section);
    if (line == null) {
      return;
    }
    synchronized (line) {
      for (WaitingCall call : takeAll(section, line)) {
        if (!serve(section, call)) {
          call.answer().refused(code, message);
        }
      }
    }
  }

  /** Refuses all calls of a section. */
  public void refuse(Section section, ErrorCode code, String message) {
    Line line = lines.get(section);
    if (line != null) {
      for (WaitingCall call : takeAll(section, line)) {
        call.answer().refused(code, message);
      }
    }
  }

  private List<WaitingCall> takeAll(Section section, Line line) {
    synchronized (line) {
      List<WaitingCall> calls = new ArrayList<>(line.calls);
      line.calls.clear();
      size.addAndGet(-calls.size());
      removeIfEmpty(section, line);
      return calls;
    }
  }

  /** Refuses the calls whose deadline has passed. */
  public void expire(long nowNanos) {
    if (size.get() == 0) {
      return;
    }
    lines.forEach(
        (section, line) -> {
          for (WaitingCall call : takeLate(section, line, nowNanos)) {
            call.answer()
                .refused(
                    ErrorCode.WINDOW_EXHAUSTED,
                    "the ceiling of " + section + " could not be raised in time; is the store up?");
          }
        });
  }

  private List<WaitingCall> takeLate(Section section, Line line, long nowNanos) {
    List<WaitingCall> late = new ArrayList<>();
    synchronized (line) {
      for (Iterator<WaitingCall> calls = line.calls.iterator(); calls.hasNext(); ) {
        WaitingCall call = calls.next();
        if (nowNanos - call.deadlineNanos() >= 0) {
          calls.remove();
          size.decrementAndGet();
          late.add(call);
        }
      }
      removeIfEmpty(section, line);
    }
    return late;
  }

  @GuardedBy("line")
  private void removeIfEmpty(Section section, Line line) {
    if (line.calls.isEmpty()) {
      line.gone = true;
      lines.remove(section, line);
    }
  }
}
