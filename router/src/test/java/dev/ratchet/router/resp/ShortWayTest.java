package dev.ratchet.router.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.client.Eventually;
import dev.ratchet.router.RouterFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A router that shares its process with the owner of every second section. */
@Timeout(60)
class ShortWayTest {
  private RouterFixture fixture;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    fixture = new RouterFixture(config -> config, true);
    client = new RawClient(fixture.router.respAddress());
    assertEquals("$nil", client.call("GET", "users:1"));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    fixture.close();
  }

  private static String incr(String key) {
    return RawClient.encode("INCR", key);
  }

  private int batches() {
    return fixture.cluster.node(1).batches();
  }

  @Test
  void numbersComeFromTheOwnerInThisProcess() throws IOException {
    int before = batches();
    assertEquals(":1", client.call("INCR", "users:7"));
    assertEquals(":2", client.call("incr", "users:7"));
    assertEquals(":3", client.call("iNcR", "users:0007"));
    assertEquals(before, batches());
    assertEquals(3, fixture.node.takes());
    assertEquals(3, fixture.node.confirmed());
  }

  @Test
  void commandsAreCounted() throws IOException {
    double before = fixture.registry.get("ratchet.router.resp.commands").counter().count();
    client.raw(incr("users:7").repeat(3) + incr("users:8"));
    for (int i = 0; i < 4; i++) {
      assertTrue(client.read().startsWith(":"));
    }
    double now = fixture.registry.get("ratchet.router.resp.commands").counter().count();
    assertEquals(4, now - before);
  }

  @Test
  void aSectionElsewhereIsAskedOverAConnection() throws IOException {
    client.raw(incr("users:7") + incr("users:107") + incr("users:7"));
    assertEquals(":1", client.read());
    assertEquals(":1", client.read());
    assertEquals(":2", client.read());
    assertEquals(1, fixture.node.takes(), "the third must not overtake the second");
    assertTrue(fixture.cluster.node(2).batches() > 0);
  }

  @Test
  void whatTheOwnerDoesNotAnswerOnTheSpotGoesOverAConnection() throws IOException {
    fixture.node.serving(false);
    int before = batches();
    assertEquals(":1", client.call("INCR", "users:7"));
    assertTrue(batches() > before);
    fixture.node.serving(true);
    assertEquals(":2", client.call("INCR", "users:7"));
  }

  @Test
  void anyCutOfTheBytesGivesTheSameReplies() throws IOException {
    String commands = incr("users:7") + incr("users:1") + incr("users:007");
    for (int cut = 1; cut < commands.length(); cut++) {
      client.raw(commands.substring(0, cut));
      client.raw(commands.substring(cut));
      assertEquals(":" + (2 * cut - 1), client.read(), "cut at " + cut);
      assertEquals(":" + cut, client.read(), "cut at " + cut);
      assertEquals(":" + 2 * cut, client.read(), "cut at " + cut);
    }
  }

  @Test
  void othersInBetweenKeepTheirPlaces() throws IOException {
    client.raw(
        incr("users:7")
            + RawClient.encode("PING")
            + incr("users:7")
            + RawClient.encode("GET", "users:7")
            + incr("users:7")
            + RawClient.encode("INCRBY", "users:7", "5")
            + "PING\r\n"
            + incr("users:7"));
    assertEquals(":1", client.read());
    assertEquals("+PONG", client.read());
    assertEquals(":2", client.read());
    assertEquals("$2", client.read());
    assertEquals(":3", client.read());
    assertEquals(":8", client.read());
    assertEquals("+PONG", client.read());
    assertEquals(":9", client.read());
  }

  @Test
  void moreThanFitsInOneGo() throws IOException {
    int commands = 5 * ShortWay.MAX_UNSETTLED + 3;
    client.raw(incr("users:7").repeat(commands));
    for (int i = 1; i <= commands; i++) {
      assertEquals(":" + i, client.read());
    }
  }

  /** A number taken under a lease that ended meanwhile is told to nobody. */
  @Test
  void whenTheLeaseHasEndedAllThatWasTakenIsRefused() throws IOException {
    fixture.node.holdsLease(false);
    client.raw(incr("users:7").repeat(3));
    for (int i = 0; i < 3; i++) {
      assertEquals("-TRYAGAIN the allocation node's lease ended during the call", client.read());
    }
    int before = batches();
    assertEquals(":4", client.call("INCR", "users:7"), "it waits for the lease, as all calls do");
    assertTrue(batches() > before);
    fixture.node.holdsLease(true);
    assertEquals(":5", client.call("INCR", "users:7"));
    assertEquals(4, fixture.node.takes());
  }

  @Test
  void whatIsWrongIsRefusedInTheSameWords() throws IOException {
    List<String> commands =
        List.of(
            incr("users:"),
            incr("users:x7"),
            incr("users:1000"),
            incr("users:99999999999999999999"),
            incr("nobody:7"),
            incr(":7"),
            incr(""),
            incr("orders:" + "k".repeat(600)),
            RawClient.encode("INCR"),
            RawClient.encode("INCR", "users:7", "1"),
            "*2\r\n$4\r\nINCR\r\n$07\r\nusers:7\r\n",
            RawClient.encode("PING"),
            "*2\r\n$4\r\nINCS\r\n$7\r\nusers:7\r\n");
    try (RouterFixture plain = new RouterFixture();
        RawClient other = new RawClient(plain.router.respAddress())) {
      for (String command : commands) {
        client.raw(command);
        other.raw(command);
        assertEquals(other.read(), client.read(), command);
      }
    }
    assertEquals(0, fixture.node.takes());
    assertTrue(client.call("INCR", "users:7").startsWith(":"));
  }

  @Test
  void brokenBytesEndTheConnectionAsEver() throws IOException {
    client.raw(incr("users:7") + "*2\r\n$4\r\nINCR\r\n$7\r\nusers:7xx");
    assertEquals(":1", client.read());
    assertEquals("-ERR Protocol error: expected CRLF after a bulk string", client.read());
    assertTrue(client.isClosed());
  }

  @Test
  void aLengthThatIsNoneIsAFaultAtOnce() throws IOException {
    client.raw(incr("users:7") + "*2\r\n$4\r\nINCR\r\n$\r\n");
    assertEquals(":1", client.read());
    assertEquals("-ERR Protocol error: invalid bulk length", client.read());
    assertTrue(client.isClosed());
  }

  @Test
  void whatWasAskedBeforeTheClientFinishedIsAnswered() throws IOException {
    client.raw(incr("users:7").repeat(2) + "*2\r\n$4\r\nINCR\r\n$7\r\nuse");
    client.finish();
    assertEquals(":1", client.read());
    assertEquals(":2", client.read());
    assertTrue(client.isClosed());
  }

  @Test
  void keysOfAnyBytesInAStringNamespace() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] key = new byte[1 + random.nextInt(200)];
      random.nextBytes(key);
      String text = "orders:" + new String(key, StandardCharsets.ISO_8859_1);
      assertEquals(":1", client.call("INCR", text));
      assertEquals("$1", client.call("GET", text));
    }
    assertTrue(fixture.node.takes() > 0, "every second section is here");
  }

  @Test
  void afterAMoveTheNewOwnerIsAsked() throws IOException {
    assertEquals(":1", client.call("INCR", "users:7"));
    long takes = fixture.node.takes();
    fixture.cluster.grant(fixture.users, 0, 2);
    assertEquals(":2", client.call("INCR", "users:7"));
    Eventually.until(() -> fixture.cluster.node(2).batches() > 0);
    assertEquals(takes, fixture.node.takes());
    fixture.cluster.grant(fixture.users, 0, 1);
    Eventually.until(
        () -> {
          client.call("INCR", "users:7");
          return fixture.node.takes() > takes;
        });
  }

  @Test
  void risingPerKeyUnderRandomCutsMovesAndRefusals() throws IOException {
    long seed = Long.getLong("ratchet.seed", System.nanoTime());
    Random random = new Random(seed);
    Map<String, Long> last = new HashMap<>();
    for (int round = 0; round < 100; round++) {
      fixture.node.serving(random.nextInt(4) > 0);
      fixture.node.holdsLease(random.nextInt(8) > 0);
      List<String> keys = new ArrayList<>();
      StringBuilder commands = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        String key = "users:" + (random.nextInt(3) * 100 + random.nextInt(3));
        keys.add(key);
        commands.append(random.nextInt(5) > 0 ? incr(key) : RawClient.encode("INCRBY", key, "3"));
      }
      for (int at = 0; at < commands.length(); ) {
        int end = Math.min(commands.length(), at + 1 + random.nextInt(400));
        client.raw(commands.substring(at, end));
        at = end;
      }
      if (random.nextBoolean()) {
        fixture.cluster.grant(fixture.users, random.nextInt(3), 1 + random.nextInt(2));
      }
      for (String key : keys) {
        String reply = client.read();
        if (reply.startsWith("-TRYAGAIN")) {
          continue;
        }
        long number = Long.parseLong(reply.substring(1));
        long before = last.getOrDefault(key, 0L);
        assertTrue(number > before, key + ": " + number + " after " + before + ", seed " + seed);
        last.put(key, number);
      }
    }
  }
}
