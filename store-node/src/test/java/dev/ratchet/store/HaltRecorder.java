package dev.ratchet.store;

import dev.ratchet.store.disk.HaltAction;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Notes halts instead of ending the process. */
public final class HaltRecorder implements HaltAction {
  private final List<String> reasons = new CopyOnWriteArrayList<>();

  @Override
  public void halt(String why, @Nullable Throwable cause) {
    reasons.add(why);
  }

  public List<String> reasons() {
    return reasons;
  }
}
