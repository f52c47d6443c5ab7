package dev.ratchet.router.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.client.Eventually;
import dev.ratchet.router.RouterFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client can take from the others. */
@Timeout(60)
class RespBoundsTest {
  private static void served(RouterFixture fixture) throws IOException {
    try (RawClient other = new RawClient(fixture.router.respAddress())) {
      String reply = other.call("INCR", "orders:other");
      assertTrue(reply.startsWith(":"), reply);
    }
  }

  private static double count(RouterFixture fixture, String name) {
    return fixture.registry.counter("ratchet.router.resp." + name, "node", "router-1").count();
  }

  @Test
  void aClientThatNeverReadsIsCutOff() throws Exception {
    try (RouterFixture fixture =
            new RouterFixture(c -> RouterFixture.withBounds(c, c.maxOutstanding(), 100, 1));
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), fixture.router.respAddress().port())) {
      byte[] many =
          "COMMAND DOCS\r\nINCR users:1\r\n".repeat(500).getBytes(StandardCharsets.US_ASCII);
      Thread flood =
          new Thread(
              () -> {
                try {
                  while (true) {
                    socket.getOutputStream().write(many);
                  }
                } catch (IOException cut) {
                  Thread.currentThread().interrupt();
                }
              });
      flood.start();
      Eventually.until(
          () -> {
            served(fixture);
            return count(fixture, "cut.off") > 0;
          });
      flood.join();
      served(fixture);
    }
  }

  /** Nothing more is read from it than a bounded part of what it sent, and all is answered. */
  @Test
  void aClientThatReadsLateIsHeldBackAndNotCutOff() throws Exception {
    try (RouterFixture fixture = new RouterFixture(config -> config, true);
        RawClient client = new RawClient(fixture.router.respAddress())) {
      int calls = 3_000_000;
      assertEquals("$nil", client.call("GET", "users:7"));
      byte[] some =
          RawClient.encode("INCR", "users:7").repeat(1_000).getBytes(StandardCharsets.US_ASCII);
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < calls / 1_000; i++) {
                    client.raw(some);
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      writer.start();
      Eventually.until(() -> hasStopped(fixture));
      assertTrue(count(fixture, "commands") < calls, "more was read than can wait");
      for (int i = 1; i <= calls; i++) {
        assertEquals(":" + i, client.read());
      }
      writer.join();
      assertEquals(0, count(fixture, "cut.off"));
    }
  }

  /** Whether commands were read, and for a while no more. */
  private static boolean hasStopped(RouterFixture fixture) {
    double before = count(fixture, "commands");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
    return before > 1 && count(fixture, "commands") == before;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatReadsLateLosesNothing(boolean direct) throws Exception {
    try (RouterFixture fixture = new RouterFixture(config -> config, direct);
        RawClient client = new RawClient(fixture.router.respAddress())) {
      int calls = 20_000;
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < calls / 100; i++) {
                    client.raw(RawClient.encode("INCR", "users:" + i % 7).repeat(100));
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      writer.start();
      long sum = 0;
      for (int i = 0; i < calls; i++) {
        String reply = client.read();
        assertTrue(reply.startsWith(":"), reply);
        sum += Long.parseLong(reply.substring(1));
      }
      writer.join();
      assertTrue(sum > calls);
      long last = 0;
      for (int key = 0; key < 7; key++) {
        last += Long.parseLong(client.call("GET", "users:" + key).substring(1));
      }
      assertEquals(calls, last);
    }
  }

  @Test
  void oneConnectionTooManyIsRefused() throws Exception {
    try (RouterFixture fixture =
            new RouterFixture(c -> RouterFixture.withBounds(c, c.maxOutstanding(), 2, 10));
        RawClient first = new RawClient(fixture.router.respAddress());
        RawClient second = new RawClient(fixture.router.respAddress())) {
      assertEquals("+PONG", first.call("PING"));
      assertEquals("+PONG", second.call("PING"));
      try (RawClient third = new RawClient(fixture.router.respAddress())) {
        assertEquals("-ERR max number of clients reached, 2", third.read());
        assertTrue(third.isClosed());
      }
      second.call("QUIT");
      Eventually.until(
          () -> {
            try (RawClient third = new RawClient(fixture.router.respAddress())) {
              third.raw("PING\r\n");
              return third.read().equals("+PONG");
            }
          });
      assertTrue(count(fixture, "refused") >= 1);
    }
  }

  @Test
  void tooManyCallsAtOnceAreBusyAndDefinite() throws Exception {
    try (RouterFixture fixture = new RouterFixture(c -> RouterFixture.withBounds(c, 10, 100, 10));
        RawClient client = new RawClient(fixture.router.respAddress())) {
      client.call("GET", "users:1");
      fixture.cluster.node(1).hold();
      StringBuilder commands = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        commands.append(RawClient.encode("INCR", "users:" + i));
      }
      client.raw(commands.toString());
      Eventually.until(() -> fixture.cluster.node(1).held() > 0);
      fixture.cluster.node(1).release();
      for (int i = 0; i < 30; i++) {
        String reply = client.read();
        assertTrue(i < 10 ? reply.equals(":1") : reply.startsWith("-BUSY 10 calls"), reply);
      }
      assertEquals(":2", client.call("INCR", "users:0"));
    }
  }
}
