package dev.ratchet.store.lead;

import dev.ratchet.store.state.Result;

/** Told the result of every entry, in order, once it is visible, by the apply thread. */
@FunctionalInterface
public interface AppliedListener {
  /** Must not block. */
  void onApplied(Result result);
}
