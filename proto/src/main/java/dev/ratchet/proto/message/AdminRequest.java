package dev.ratchet.proto.message;

/**
 * What an operator asks for. Every such message carries the cluster's admin token as its first
 * field; its text form never shows it, so that no log and no error can.
 */
public interface AdminRequest {
  /** Stands for a token wherever a message is shown. */
  String HIDDEN = "***";

  /** The secret that proves an operator; empty when none was given. */
  String token();
}
