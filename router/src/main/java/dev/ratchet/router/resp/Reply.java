package dev.ratchet.router.resp;

import java.util.function.Consumer;

/**
 * The reply to one command, in its place in the connection's queue until it is ready and those
 * before it are written. Confined to the connection's event loop.
 */
abstract class Reply {
  private int protocol = 2;

  /** Whether it can be written. */
  abstract boolean isReady();

  /** Writes it; once, when it is ready. */
  abstract void write(RespWriter out);

  /** Keys whose answers it waits for: what it weighs in the connection's bound. */
  int weight() {
    return 1;
  }

  /** Whether the connection is closed after it. */
  boolean closes() {
    return false;
  }

  /** The protocol version of the connection when the command came. */
  final int protocol() {
    return protocol;
  }

  final void setProtocol(int version) {
    protocol = version;
  }

  /** A reply that is known at once. */
  static Reply of(Consumer<RespWriter> body) {
    return new Known(body, false);
  }

  /** An error that is known at once. */
  static Reply error(String line) {
    return of(out -> out.error(line));
  }

  static Reply ok() {
    return of(out -> out.simple("OK"));
  }

  /** A reply after which the connection is closed. */
  static Reply last(Consumer<RespWriter> body) {
    return new Known(body, true);
  }

  private static final class Known extends Reply {
    private final Consumer<RespWriter> body;
    private final boolean closes;

    Known(Consumer<RespWriter> body, boolean closes) {
      this.body = body;
      this.closes = closes;
    }

    @Override
    boolean isReady() {
      return true;
    }

    @Override
    void write(RespWriter out) {
      body.accept(out);
    }

    @Override
    boolean closes() {
      return closes;
    }
  }
}
