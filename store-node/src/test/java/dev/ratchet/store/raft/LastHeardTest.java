package dev.ratchet.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LastHeardTest {
  private long nanos = Long.MAX_VALUE - 5;
  private final LastHeard heard = new LastHeard(() -> nanos);

  @Test
  void whatIsOnTheDiskCameBeforeTheStart() {
    assertEquals(Long.MAX_VALUE - 5, heard.nanos());
  }

  @Test
  void itNeverGoesBackThoughThreadsOvertakeEachOther() {
    nanos += 10; // the clock wraps around
    heard.now();
    long last = nanos;
    nanos -= 7;
    heard.now();
    assertEquals(last, heard.nanos());
  }
}
