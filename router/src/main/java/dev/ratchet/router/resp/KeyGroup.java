package dev.ratchet.router.resp;

import dev.ratchet.client.SequenceCall;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands of one connection that follow each other, about one key, answered by one call: the
 * numbers it takes are dealt out in the commands' order. Grows until it is started.
 */
final class KeyGroup extends SequenceCall {
  private final KeyName name;
  private final long lane;
  private final long arrivedNanos;
  private final Consumer<KeyGroup> whenDone;
  private final KeyReply first;
  private KeyReply last;
  private int count;
  private boolean started;

  /** The group that is started when this one is done. */
  @Nullable KeyGroup following;

  /** {@code whenDone}: told once, on any thread. */
  KeyGroup(KeyName name, long lane, long now, KeyReply reply, Consumer<KeyGroup> whenDone) {
    super(name.namespace(), name.key(), reply.count());
    this.name = name;
    this.lane = lane;
    this.arrivedNanos = now;
    this.whenDone = whenDone;
    this.first = reply;
    this.last = reply;
    this.count = reply.count();
  }

  @Override
  public int count() {
    return count;
  }

  long lane() {
    return lane;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  void start() {
    started = true;
  }

  /** Takes a command in, if one call can answer it together with those that are in. */
  boolean join(KeyName other, KeyReply reply, long now, long maxAgeNanos) {
    boolean sameKind = (count == 0) == (reply.count() == 0);
    if (started
        || !sameKind
        || count > Limits.MAX_COUNT - reply.count()
        || now - arrivedNanos > maxAgeNanos
        || !name.sameAs(other)) {
      return false;
    }
    last.next = reply;
    last = reply;
    count += reply.count();
    return true;
  }

  @Override
  protected void done() {
    whenDone.accept(this);
  }

  /** Gives each command its answer; on the connection's event loop, when done. */
  void deal() {
    RatchetException error = error();
    long at = value();
    for (KeyReply reply = first; reply != null; reply = reply.next) {
      if (error != null) {
        reply.fail(error);
      } else {
        reply.answer(at, epoch(), isUpperBound());
        at += reply.count();
      }
    }
  }
}
