package dev.ratchet.router.resp;

import java.util.List;

/** What the decoder reads: a command, or the fault after which nothing more can be read. */
sealed interface RespRequest {
  /** A command: its name and arguments, at least the name; not changed any more. */
  record Command(List<byte[]> words) implements RespRequest {}

  /** Bytes that are no command; {@code reason} in Redis's words. */
  record Fault(String reason) implements RespRequest {}
}
