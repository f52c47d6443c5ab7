package dev.ratchet.router.resp;

import dev.ratchet.proto.RatchetException;
import org.jspecify.annotations.Nullable;

/**
 * The reply of a command about one key, or one key's part in that of many. Confined to the
 * connection's event loop.
 */
final class KeyReply extends Reply {
  /** How the answer is written. */
  enum Form {
    /** The last number taken, as an integer. */
    LAST {
      @Override
      void write(KeyReply reply, RespWriter out) {
        out.integer(reply.value + reply.count - 1);
      }
    },
    /** The last number issued, as a bulk string; nil when there is none. */
    CURRENT {
      @Override
      void write(KeyReply reply, RespWriter out) {
        if (reply.value == 0) {
          out.nil();
        } else {
          out.bulk(reply.value);
        }
      }
    },
    /** First and last number taken, and the epoch. */
    RANGE {
      @Override
      void write(KeyReply reply, RespWriter out) {
        out.array(3);
        out.integer(reply.value);
        out.integer(reply.value + reply.count - 1);
        out.integer(reply.epoch);
      }
    },
    /** The last number issued, whether it is exact, and the epoch. */
    BOUND {
      @Override
      void write(KeyReply reply, RespWriter out) {
        out.array(3);
        out.integer(reply.value);
        out.bulk(reply.upperBound ? "upper-bound" : "exact");
        out.integer(reply.epoch);
      }
    };

    abstract void write(KeyReply reply, RespWriter out);
  }

  private final Form form;
  private final int count;
  private boolean ready;
  private long value;
  private long epoch;
  private boolean upperBound;
  private @Nullable RatchetException error;

  /** The next reply of the same group. */
  @Nullable KeyReply next;

  /** {@code count}: numbers the command takes; 0 for the last one issued. */
  KeyReply(Form form, int count) {
    this.form = form;
    this.count = count;
  }

  int count() {
    return count;
  }

  void answer(long number, long answeredEpoch, boolean bound) {
    value = number;
    epoch = answeredEpoch;
    upperBound = bound;
    ready = true;
  }

  void fail(RatchetException cause) {
    error = cause;
    ready = true;
  }

  @Nullable RatchetException error() {
    return error;
  }

  @Override
  boolean isReady() {
    return ready;
  }

  @Override
  void write(RespWriter out) {
    RatchetException cause = error;
    if (cause != null) {
      out.error(RespErrors.line(cause));
    } else {
      form.write(this, out);
    }
  }
}
