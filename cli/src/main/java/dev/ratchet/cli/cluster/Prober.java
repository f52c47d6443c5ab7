package dev.ratchet.cli.cluster;

import dev.ratchet.client.Numbers;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.RatchetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes numbers of many keys without end, one call a key at a time, and keeps watch as any client
 * could: how long each key was silent, and whether its numbers rise. Thread-safe.
 */
final class Prober implements AutoCloseable {
  /** Time between an answer and the key's next call. */
  static final int PACE_MILLIS = 5;

  private final RatchetClient client;
  private final String namespace;
  private final List<Key> keys = new ArrayList<>();
  private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicReference<@Nullable String> firstSkip = new AtomicReference<>();
  private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
  private volatile boolean closed;

  /** Starts to call; the keys are {@code probe-0 …}. */
  Prober(RatchetClient client, String namespace, int keyCount) {
    this.client = client;
    this.namespace = namespace;
    for (int i = 0; i < keyCount; i++) {
      keys.add(new Key("probe-" + i));
    }
    keys.forEach(Key::call);
  }

  /** Forgets the silences so far. */
  void mark() {
    long now = System.nanoTime();
    keys.forEach(key -> key.mark(now));
  }

  /** Whether a call made after a moment was answered for every key. */
  boolean allAnsweredSince(long nanos) {
    return keys.stream().allMatch(key -> key.calledOfAnswer() - nanos > 0);
  }

  /** Longest time since {@link #mark} in which a key got no number, in milliseconds. */
  double longestSilenceMillis() {
    return keys.stream().mapToLong(Key::longestSilence).max().orElse(0) / 1e6;
  }

  /** Numbers taken so far. */
  long numbers() {
    return numbers.get();
  }

  /** Calls that failed, retries and all. */
  long errors() {
    return errors.get();
  }

  /** What the first failed call said, or null. */
  @Nullable String firstError() {
    return firstError.get();
  }

  /** Numbers that nobody got, between those that were: nobody else takes numbers of these keys. */
  long skipped() {
    return skipped.get();
  }

  /** The first gap, or null. */
  @Nullable String firstSkip() {
    return firstSkip.get();
  }

  /** The first number that did not rise, or null. */
  @Nullable String wrong() {
    return wrong.get();
  }

  @Override
  public void close() {
    closed = true;
    pace.shutdownNow();
  }

  /** One key; its calls follow each other. */
  private final class Key {
    private final String name;
    private long last;
    private long answeredAt = System.nanoTime();
    private long called;
    private long calledOfAnswer = answeredAt;
    private long longestSilence;

    Key(String name) {
      this.name = name;
    }

    private void call() {
      synchronized (this) {
        called = System.nanoTime();
      }
      client.next(namespace, name).whenComplete(this::answered);
    }

    private void answered(@Nullable Numbers answer, @Nullable Throwable failure) {
      if (closed) {
        return;
      }
      if (answer != null) {
        take(answer.first());
        numbers.incrementAndGet();
      } else {
        String message = failure == null ? "no answer" : RatchetException.of(failure).getMessage();
        firstError.compareAndSet(null, name + ": " + message);
        errors.incrementAndGet();
      }
      var unused = pace.schedule(this::call, PACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void take(long number) {
      if (number <= last) {
        wrong.compareAndSet(null, name + " got " + number + " after " + last);
      } else if (last > 0 && number > last + 1) {
        firstSkip.compareAndSet(null, name + " got " + number + " after " + last);
        skipped.addAndGet(number - last - 1);
      }
      last = number;
      long now = System.nanoTime();
      longestSilence = Math.max(longestSilence, now - answeredAt);
      answeredAt = now;
      calledOfAnswer = called;
    }

    synchronized void mark(long now) {
      longestSilence = 0;
      answeredAt = now;
    }

    synchronized long calledOfAnswer() {
      return calledOfAnswer;
    }

    synchronized long longestSilence() {
      return longestSilence;
    }
  }
}
