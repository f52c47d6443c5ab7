package dev.ratchet.router.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.router.RouterFixture;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may do wrong; after each, this and another client are served as before. */
@Timeout(60)
class RespBadInputTest {
  private static RouterFixture fixture;
  private RawClient client;

  @BeforeAll
  static void startRouter() throws IOException {
    fixture = new RouterFixture();
  }

  @AfterAll
  static void stopRouter() {
    fixture.close();
  }

  @BeforeEach
  void connect() throws IOException {
    client = new RawClient(fixture.router.respAddress());
  }

  @AfterEach
  void anotherClientIsStillServed() throws IOException {
    client.close();
    try (RawClient other = new RawClient(fixture.router.respAddress())) {
      assertEquals("+PONG", other.call("PING"));
      assertTrue(other.call("INCR", "orders:others").startsWith(":"));
    }
  }

  private void refused(String reply, String... words) throws IOException {
    assertEquals(reply, client.call(words));
    assertEquals("+PONG", client.call("PING"));
  }

  private void refusedWith(String part, String... words) throws IOException {
    String reply = client.call(words);
    assertTrue(reply.startsWith("-ERR ") && reply.contains(part), reply);
    assertEquals("+PONG", client.call("PING"));
  }

  @ParameterizedTest
  @CsvSource({
    "incr, INCR",
    "incr, INCR a b",
    "incrby, INCRBY a",
    "incrby, INCRBY a 1 2",
    "get, GET",
    "get, GET a b",
    "mget, MGET",
    "echo, ECHO",
    "select, SELECT",
    "reset, RESET a",
    "ping, PING a b",
    "client, CLIENT",
    "ratchet.next, RATCHET.NEXT a",
    "ratchet.current, RATCHET.CURRENT"
  })
  void wrongArity(String name, String command) throws IOException {
    refused("-ERR wrong number of arguments for '" + name + "' command", command.split(" ", -1));
  }

  @Test
  void unknownCommand() throws IOException {
    refused(
        "-ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b\r' ".replace("\r", " "),
        "NONSENSE",
        "a",
        "b\r");
    refusedWith("unknown command ''", "");
    refusedWith("unknown command", "x".repeat(5_000), "y".repeat(5_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET users:1 1",
        "DECR users:1",
        "DECRBY users:1 1",
        "GETSET users:1 1",
        "DEL users:1",
        "INCRBYFLOAT users:1 1.5",
        "MSET users:1 1",
        "EXPIRE users:1 1",
        "FLUSHALL",
        "RENAME users:1 users:2",
        "setnx users:1 1"
      })
  void whatWouldSetOrLowerIsRefused(String command) throws IOException {
    refusedWith("numbers only go up", command.split(" ", -1));
    refusedWith("use INCR key or INCRBY key count", command.split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "1.5",
        "",
        "+1",
        "01",
        "1 ",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999"
      })
  void incrementsThatAreNoIntegers(String increment) throws IOException {
    refused("-ERR value is not an integer or out of range", "INCRBY", "users:1", increment);
    refused("-ERR value is not an integer or out of range", "RATCHET.NEXT", "users:1", increment);
  }

  @Test
  void incrementsOutOfRange() throws IOException {
    refusedWith("the increment must be 1 to 100000, is 0", "INCRBY", "users:1", "0");
    refusedWith("the increment must be 1 to 100000, is -1", "INCRBY", "users:1", "-1");
    refusedWith("must be 1", "INCRBY", "users:1", "-9223372036854775808");
    refusedWith("at most 100000 numbers", "INCRBY", "users:1", "100001");
    refusedWith("at most 100000 numbers", "INCRBY", "users:1", "9223372036854775807");
    assertEquals("$nil", client.call("GET", "users:1"));
  }

  @Test
  void keys() throws IOException {
    refusedWith("the key is empty", "INCR", "");
    refusedWith("the key is empty", "INCR", "orders:");
    refusedWith("the key has 513 bytes; the limit is 512", "INCR", "orders:" + "x".repeat(513));
    assertTrue(client.call("INCR", "orders:" + "x".repeat(512)).startsWith(":"));
    assertEquals(":1", client.call("INCR", "orders:\0\r\n\u00ff\u0080"));
    assertEquals(":2", client.call("INCR", "orders:\0\r\n\u00ff\u0080"));
    refusedWith("decimal digits only", "INCR", "users:\0\r\n\u00ff");
    refusedWith("decimal digits only", "INCR", "users:-1");
    refusedWith("above the namespace's largest, 999", "INCR", "users:1000");
    refusedWith("above the namespace's largest, 999", "INCR", "users:99999999999999999999");
    refusedWith("decimal digits only", "MGET", "users:1", "users:x", "users:1000");
  }

  @Test
  void unknownNamespaces() throws IOException {
    refusedWith("./ratchet namespace create nothing", "INCR", "nothing:1");
    refusedWith("there is no namespace ''", "INCR", ":1");
    refusedWith("there is no namespace", "INCR", "no\r\n+OK:1");
    refusedWith("there is no namespace", "INCR", "x".repeat(60_000) + ":1");
  }

  @Test
  void garbageBetweenValidCommands() throws IOException {
    client.raw(
        RawClient.encode("INCR", "orders:g")
            + "\u0001\u0002garbage \u00ff\r\n"
            + RawClient.encode("INCR", "orders:g"));
    assertEquals(":1", client.read());
    assertTrue(client.read().startsWith("-ERR unknown command"));
    assertEquals(":2", client.read());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*x|invalid multibulk length",
        "*1x|invalid multibulk length",
        "*-2|invalid multibulk length",
        "*|invalid multibulk length",
        "*5000|invalid multibulk length",
        "*99999999999999|invalid multibulk length",
        "*1;PING|expected '$', got 'P'",
        "*1;:1|expected '$', got ':'",
        "*2;*1|expected '$', got '*'",
        "*1;$-1|invalid bulk length",
        "*1;$x|invalid bulk length",
        "*1;$65537|invalid bulk length",
        "*1;$4;PINGxx|expected CRLF after a bulk string",
        "INCR \"a|unbalanced quotes in request",
        "INCR 'a'b|unbalanced quotes in request"
      })
  void protocolErrorsAreToldAfterEarlierRepliesAndThenTheConnectionIsClosed(
      String bytes, String reason) throws IOException {
    client.raw(
        RawClient.encode("INCR", "orders:p")
            + bytes.replace(";", "\r\n")
            + "\r\n"
            + RawClient.encode("INCR", "orders:p"));
    assertTrue(client.read().startsWith(":"));
    assertEquals("-ERR Protocol error: " + reason, client.read());
    assertTrue(client.isClosed());
  }

  @Test
  void endlessLines() throws IOException {
    client.raw("x".repeat(RespLimits.MAX_INLINE_BYTES + 10));
    assertEquals("-ERR Protocol error: too big inline request", client.read());
    assertTrue(client.isClosed());
    connect();
    client.raw("*" + "1".repeat(100));
    assertEquals("-ERR Protocol error: too big mbulk count string", client.read());
    connect();
    client.raw("*1\r\n$" + "1".repeat(100));
    assertEquals("-ERR Protocol error: too big bulk count string", client.read());
  }

  @Test
  void aCommandOfTooManyBytes() throws IOException {
    String word = "$65536\r\n" + "x".repeat(65_536) + "\r\n";
    client.raw("*100\r\n");
    for (int i = 0; i < RespLimits.MAX_COMMAND_BYTES / 65_536; i++) {
      client.raw(word);
    }
    client.raw("$1\r\n");
    assertEquals("-ERR Protocol error: too big command", client.read());
  }

  @Test
  void aBrowserIsSentAway() throws IOException {
    client.raw("POST / HTTP/1.1\r\nHost: x\r\n\r\nINCR orders:b\r\n");
    assertEquals("-ERR this is no HTTP port", client.read());
    assertTrue(client.isClosed());
    connect();
    assertEquals("$nil", client.call("GET", "orders:b"));
  }

  @Test
  void emptyCommandsAreSkipped() throws IOException {
    client.raw("\r\n\n  \r\n*0\r\n*-1\r\n");
    assertEquals("+PONG", client.call("PING"));
  }

  @Test
  void commandsThatComeByteByByte() throws IOException {
    String two = RawClient.encode("INCRBY", "orders:slow", "3") + "GET 'orders:slow'\r\n";
    for (int i = 0; i < two.length(); i++) {
      client.raw(two.substring(i, i + 1));
    }
    assertEquals(":3", client.read());
    assertEquals("$3", client.read());
  }

  @Test
  void aConnectionThatBreaksInTheMiddle() throws IOException {
    client.raw("*2\r\n$4\r\nINCR\r\n$100\r\nord");
    client.close();
    connect();
    client.raw("*2\r\n$4\r\nINCR\r\n$100\r\nord");
    client.finish();
    assertTrue(client.isClosed());
  }
}
