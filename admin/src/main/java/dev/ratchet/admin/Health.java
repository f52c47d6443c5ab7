package dev.ratchet.admin;

/** What a node says of itself on its admin port. Asked from the admin thread: must not block. */
public interface Health {
  /** Whether the node serves calls now. */
  boolean isReady();

  /** The node's state in words; where it is not ready, the reason. */
  String describe();
}
