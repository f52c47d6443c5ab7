package dev.ratchet.proto.rpc;

import dev.ratchet.proto.RatchetException;

/** Where the answer to one call goes: give it exactly one, from any thread. */
public interface Answer<R> {
  /** Version of the caller's route table, 0 if it has none. */
  long callerRouteVersion();

  /** Answers the call. */
  void reply(R reply);

  /** Answers the call with the bytes of a reply, which must not change any more. */
  void replyEncoded(byte[] reply);

  /** Answers the call with an error. */
  void fail(RatchetException error);
}
