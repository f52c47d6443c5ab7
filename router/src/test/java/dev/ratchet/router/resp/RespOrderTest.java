package dev.ratchet.router.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.client.Eventually;
import dev.ratchet.client.FakeAlloc;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.router.RouterFixture;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies come in the order of the commands, and the numbers of a key rise in that order. */
@Timeout(60)
class RespOrderTest {
  private RouterFixture fixture;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    fixture = new RouterFixture();
    client = new RawClient(fixture.router.respAddress());
    assertEquals("$nil", client.call("GET", "users:1"));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    fixture.close();
  }

  private List<List<IssueItem>> seen() {
    return fixture.cluster.node(1).seen();
  }

  @Test
  void whileTheFirstIsTriedAgainTheSecondIsNotSent() throws IOException {
    AtomicBoolean refusing = new AtomicBoolean(true);
    fixture
        .cluster
        .node(1)
        .script(
            item -> refusing.get() ? FakeAlloc.error(ErrorCode.LEASE_LOST, "a moment ago") : null);
    client.send("INCR", "users:7");
    int before = seen().size();
    Eventually.until(() -> seen().size() > before + 1);
    client.send("INCRBY", "users:7", "10");
    assertEquals(":1", otherConnection("INCR", "users:107"));
    int then = seen().size();
    Eventually.until(() -> seen().size() > then + 3);
    boolean overtook = seen().stream().flatMap(List::stream).anyMatch(item -> item.count() == 10);
    assertFalse(overtook, "the second was sent while the first was being tried again");
    refusing.set(false);
    assertEquals(":1", client.read());
    assertEquals(":11", client.read());
  }

  @Test
  void theFirstRefusedOnceStillGetsTheSmallerNumber() throws IOException {
    AtomicInteger seenHere = new AtomicInteger();
    fixture
        .cluster
        .node(1)
        .script(
            item ->
                seenHere.getAndIncrement() == 0
                    ? FakeAlloc.error(ErrorCode.LEASE_LOST, "a moment ago")
                    : null);
    client.send("INCR", "users:7");
    client.send("INCR", "users:7");
    assertEquals(":1", client.read());
    assertEquals(":2", client.read());
    assertTrue(seenHere.get() > 1);
  }

  private String otherConnection(String... words) throws IOException {
    try (RawClient other = new RawClient(fixture.router.respAddress())) {
      return other.call(words);
    }
  }

  @Test
  void commandsSentTogetherAreOneCallAndDealtOutInOrder() throws IOException {
    int before = seen().size();
    client.raw(
        RawClient.encode("INCR", "users:7")
            + RawClient.encode("INCRBY", "users:7", "3")
            + RawClient.encode("RATCHET.NEXT", "users:7", "2")
            + RawClient.encode("INCR", "users:7"));
    assertEquals(":1", client.read());
    assertEquals(":4", client.read());
    assertEquals("[:5, :6, :1]", client.read());
    assertEquals(":7", client.read());
    assertTrue(seen().size() - before <= 4);
    long items = seen().stream().skip(before).mapToLong(List::size).sum();
    long taken =
        seen().stream().skip(before).flatMap(List::stream).mapToLong(IssueItem::count).sum();
    assertTrue(items <= 4 && taken == 7, items + " items for " + taken);
  }

  @Test
  void whatComesWhileACallIsUnderWayGoesTogetherAfterIt() throws IOException {
    fixture.cluster.node(1).hold();
    client.send("INCR", "users:7");
    Eventually.until(() -> fixture.cluster.node(1).held() == 1);
    for (int i = 0; i < 100; i++) {
      client.send("INCR", "users:7");
    }
    client.send("PING");
    fixture.cluster.node(1).release();
    for (int i = 1; i <= 101; i++) {
      assertEquals(":" + i, client.read());
    }
    assertEquals("+PONG", client.read());
  }

  @Test
  void aReadBetweenTwoTakesSeesTheFirstOnly() throws IOException {
    client.raw(
        RawClient.encode("INCR", "users:7")
            + RawClient.encode("GET", "users:7")
            + RawClient.encode("MGET", "users:7", "users:8", "users:7")
            + RawClient.encode("INCR", "users:7")
            + RawClient.encode("GET", "users:7"));
    assertEquals(":1", client.read());
    assertEquals("$1", client.read());
    assertEquals("[$1, $nil, $1]", client.read());
    assertEquals(":2", client.read());
    assertEquals("$2", client.read());
  }

  @Test
  void oneUserIdWrittenInTwoWaysIsOneKey() throws IOException {
    fixture
        .cluster
        .node(1)
        .script(FakeAlloc.first(FakeAlloc.error(ErrorCode.LEASE_LOST, "a moment ago")));
    client.raw(
        RawClient.encode("INCR", "users:7")
            + RawClient.encode("INCR", "users:007")
            + RawClient.encode("INCR", "users:7"));
    assertEquals(":1", client.read());
    assertEquals(":2", client.read());
    assertEquals(":3", client.read());
  }

  @Test
  void repliesKeepTheOrderOfCommandsWhateverIsDoneFirst() throws IOException {
    fixture.cluster.node(1).hold();
    client.send("INCR", "users:7"); // node 1
    client.send("INCR", "users:107"); // node 2, done first
    client.send("PING");
    Eventually.until(
        () -> fixture.cluster.node(1).held() == 1 && fixture.cluster.node(2).batches() > 0);
    fixture.cluster.node(1).release();
    assertEquals(":1", client.read());
    assertEquals(":1", client.read());
    assertEquals("+PONG", client.read());
  }

  @Test
  void aLaneThatStandsStillFailsAsAWhole() throws IOException {
    stop();
    fixture = new RouterFixture(config -> RouterFixture.withTimeout(config, 400));
    client = new RawClient(fixture.router.respAddress());
    client.call("GET", "users:1");
    fixture.cluster.node(1).script(item -> FakeAlloc.error(ErrorCode.LEASE_LOST, "it is gone"));
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      commands
          .append(RawClient.encode("INCR", "users:7"))
          .append(RawClient.encode("GET", "users:7"));
    }
    client.raw(commands.toString());
    for (int i = 0; i < 400; i++) {
      String reply = client.read(); // one deadline after the other would take 160 s
      assertTrue(reply.matches("-(TRYAGAIN|UNKNOWN) gave up .*"), reply);
    }
    fixture.cluster.node(1).script(item -> null);
    assertEquals(":1", client.call("INCR", "users:7"));
  }

  @Test
  void risingUnderRandomRefusalsAndMoves() throws IOException {
    long seed = Long.getLong("ratchet.seed", System.nanoTime());
    Random random = new Random(seed);
    AtomicInteger coin = new AtomicInteger(random.nextInt());
    for (FakeAlloc node : fixture.cluster.nodes()) {
      node.script(
          item ->
              (coin.addAndGet(0x9E3779B9) & 7) == 0
                  ? FakeAlloc.error(ErrorCode.LEASE_LOST, "by chance")
                  : null);
    }
    Map<String, Long> last = new HashMap<>();
    for (int round = 0; round < 30; round++) {
      StringBuilder commands = new StringBuilder();
      String[] keys = new String[100];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = "users:" + random.nextInt(5);
        commands.append(
            random.nextBoolean()
                ? RawClient.encode("INCR", keys[i])
                : RawClient.encode("INCRBY", keys[i], "" + (1 + random.nextInt(5))));
      }
      client.raw(commands.toString());
      fixture.cluster.grant(fixture.users, 0, 1 + random.nextInt(2));
      for (String key : keys) {
        long number = Long.parseLong(client.read().substring(1));
        long before = last.getOrDefault(key, 0L);
        assertTrue(
            number > before, () -> key + ": " + number + " after " + before + ", seed " + seed);
        last.put(key, number);
      }
    }
  }
}
