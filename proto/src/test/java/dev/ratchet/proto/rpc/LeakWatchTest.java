package dev.ratchet.proto.rpc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The watch itself must be able to bark. */
class LeakWatchTest {
  @Test
  void seesABufferThatIsLost() {
    LeakWatch watch = new LeakWatch();
    watch.start();
    lose();
    assertFalse(watch.stop().isEmpty());
  }

  private static void lose() {
    assertTrue(ByteBufUtil.isAccessible(PooledByteBufAllocator.DEFAULT.directBuffer()));
  }
}
