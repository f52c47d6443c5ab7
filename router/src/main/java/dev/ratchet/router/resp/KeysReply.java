package dev.ratchet.router.resp;

import dev.ratchet.proto.RatchetException;
import java.util.List;

/**
 * An array with an answer for each key; an error as a whole if one of them failed. Confined to the
 * connection's event loop.
 */
final class KeysReply extends Reply {
  private final List<KeyReply> parts;
  private int known;

  KeysReply(List<KeyReply> parts) {
    this.parts = parts;
  }

  @Override
  boolean isReady() {
    while (known < parts.size() && parts.get(known).isReady()) {
      known++;
    }
    return known == parts.size();
  }

  @Override
  int weight() {
    return parts.size();
  }

  @Override
  void write(RespWriter out) {
    for (KeyReply part : parts) {
      RatchetException error = part.error();
      if (error != null) {
        out.error(RespErrors.line(error));
        return;
      }
    }
    out.array(parts.size());
    parts.forEach(part -> part.write(out));
  }
}
