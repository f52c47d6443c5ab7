package dev.ratchet.store.raft;

import com.alipay.sofa.jraft.util.SPI;
import com.alipay.sofa.jraft.util.timer.DefaultRaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.DefaultTimer;
import com.alipay.sofa.jraft.util.timer.Timer;

/**
 * Timers for SOFAJRaft that sleep until something is due. The library's own turn a wheel a thousand
 * times a second, each in its thread: five of them took a tenth of a core from an idle store node.
 * The library finds this class by {@code META-INF/services}.
 */
@SPI(priority = 1)
public final class QuietTimers extends DefaultRaftTimerFactory {
  @Override
  public Timer createTimer(String name) {
    return new DefaultTimer(1, name);
  }
}
