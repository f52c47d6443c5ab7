package dev.ratchet.router.resp;

import java.util.List;

/** What the decoder reads: a command, or the fault after which nothing more can be read. */
sealed interface RespRequest {
  /** A command: its name and arguments, at least the name; not changed any more. */
  record Command(List<byte[]> words) implements RespRequest {}

  /**
   * Commands that the {@link ShortWay} has served. Netty must be told that bytes became something:
   * a decoder that gave nothing reads on, even from a connection that is being held back.
   */
  record Served() implements RespRequest {}

  /** The one there is. */
  Served SERVED = new Served();

  /** Bytes that are no command; {@code reason} in Redis's words. */
  record Fault(String reason) implements RespRequest {}
}
