package dev.ratchet.router.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.client.FakeAlloc;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.router.RouterFixture;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RespCommandsTest {
  private RouterFixture fixture;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    fixture = new RouterFixture();
    client = new RawClient(fixture.router.respAddress());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    fixture.close();
  }

  private void expect(String reply, String... words) throws IOException {
    assertEquals(reply, client.call(words));
  }

  private void expectStart(String start, String... words) throws IOException {
    String reply = client.call(words);
    assertTrue(reply.startsWith(start), reply);
  }

  @Test
  void numbers() throws IOException {
    expect("$nil", "GET", "users:7");
    expect(":1", "INCR", "users:7");
    expect(":2", "incr", "users:7");
    expect(":12", "INCRBY", "users:7", "10");
    expect("$12", "GET", "users:7");
    expect("[:13, :15, :1]", "RATCHET.NEXT", "users:7", "3");
    expect("[:15, $exact, :1]", "RATCHET.CURRENT", "users:7");
    expect(":1", "INCR", "key without a namespace");
    expect("[$15, $nil, $1]", "MGET", "users:7", "users:8", "key without a namespace");
  }

  @Test
  void theNamespaceIsWhatStandsBeforeTheFirstColon() throws IOException {
    expect(":1", "INCR", "orders:a:b");
    expect(":2", "INCR", "orders:a:b");
    expect(":1", "INCR", "orders:a");
    expect("$2", "GET", "orders:a:b");
    expect(":1", "INCR", "default:x");
    expect(":2", "INCR", "x");
  }

  @Test
  void anUpperBoundIsToldWhereAsked() throws IOException {
    fixture.cluster.node(1).script(item -> new IssueResult(0, 5_000, 1, true, ""));
    expect("[:5000, $upper-bound, :1]", "RATCHET.CURRENT", "users:7");
    expect("$5000", "GET", "users:7");
  }

  @Test
  void resp3() throws IOException {
    String welcome = client.call("HELLO", "3", "AUTH", "default", "x", "SETNAME", "me");
    assertTrue(welcome.startsWith("%[$server, $ratchet, $version, "), welcome);
    assertTrue(welcome.contains("$proto, :3"), welcome);
    expect("_", "GET", "users:7");
    expect("$me", "CLIENT", "GETNAME");
    expect("%[$save, $]", "CONFIG", "GET", "save");
    expectStart("[$server, $ratchet", "HELLO", "2");
    expect("$nil", "GET", "users:7");
    expect("-NOPROTO unsupported protocol version", "HELLO", "4");
    expectStart("-ERR syntax error", "HELLO", "3", "NONSENSE");
  }

  @Test
  void aPendingReplyKeepsTheProtocolItWasAskedIn() throws IOException {
    client.raw(RawClient.encode("GET", "users:7") + RawClient.encode("HELLO", "3"));
    assertEquals("$nil", client.read());
    assertTrue(client.read().startsWith("%["));
  }

  @Test
  void connection() throws IOException {
    expect("+PONG", "PING");
    expect("$hello", "PING", "hello");
    expect("$hello", "ECHO", "hello");
    expect("$nil", "CLIENT", "GETNAME");
    expect("+OK", "CLIENT", "SETNAME", "me");
    expect("$me", "CLIENT", "GETNAME");
    expectStart("-ERR Client names", "CLIENT", "SETNAME", "a b");
    expectStart(":", "CLIENT", "ID");
    expect("+OK", "CLIENT", "SETINFO", "LIB-NAME", "raw");
    expectStart("$id=", "CLIENT", "INFO");
    expectStart("$id=", "CLIENT", "LIST");
    expectStart("-ERR unknown subcommand", "CLIENT", "KILL", "x");
    expect("-ERR wrong number of arguments for 'client|setname' command", "CLIENT", "SETNAME");
    expect("+OK", "SELECT", "0");
    expectStart("-ERR DB index is out of range", "SELECT", "1");
    expect("+OK", "AUTH", "default", "any");
    expectStart("-WRONGPASS", "AUTH", "somebody", "any");
    expectStart("-ERR AUTH <password> called without any password", "AUTH", "any");
    expect("+RESET", "RESET");
    expect("$nil", "CLIENT", "GETNAME");
    expect("+OK", "QUIT");
    assertTrue(client.isClosed());
  }

  @Test
  void server() throws IOException {
    String info = client.call("INFO");
    assertTrue(info.contains("route_version:") && info.contains("ratchet_node:router-1"), info);
    String count = client.call("COMMAND", "COUNT");
    assertTrue(Integer.parseInt(count.substring(1)) > 10, count);
    expect("[[$incr, :2, [+write, +fast], :1, :1, :1]]", "COMMAND", "INFO", "incr");
    expect("[$nil]", "COMMAND", "INFO", "nonsense");
    expectStart("[$incr, [$summary, $Takes the next number", "COMMAND", "DOCS", "incr");
    expectStart("[[$", "COMMAND");
    assertTrue(client.call("COMMAND", "LIST").contains("$ratchet.next"));
    expectStart("-ERR unknown subcommand", "COMMAND", "NONSENSE");
    expect("[$appendonly, $no, $save, $]", "CONFIG", "GET", "APPENDONLY", "x", "save");
    expectStart("-ERR a router is configured", "CONFIG", "SET", "save", "");
  }

  @Test
  void errorsOfTheEngineHaveTheirPrefixes() throws IOException {
    fixture
        .cluster
        .node(1)
        .script(item -> FakeAlloc.error(ErrorCode.NUMBERS_EXHAUSTED, "no more\r\nnumbers"));
    expect("-ERR no more  numbers", "INCR", "users:7");
    assertEquals("BUSY", RespErrors.prefix(ErrorCode.OVERLOADED));
    assertEquals("TRYAGAIN", RespErrors.prefix(ErrorCode.UNAVAILABLE));
    assertEquals("TRYAGAIN", RespErrors.prefix(ErrorCode.LEASE_LOST));
    assertEquals("UNKNOWN", RespErrors.prefix(ErrorCode.TIMEOUT));
    assertEquals("UNKNOWN", RespErrors.prefix(ErrorCode.INTERNAL));
    assertEquals("ERR", RespErrors.prefix(ErrorCode.INVALID_KEY));
  }

  @Test
  void inlineCommandsAndHalfClosedConnections() throws IOException {
    client.raw("PING\r\nincr users:7\n\r\n  INCRBY 'users:7' \"1\\x30\"  \r\n");
    client.finish();
    assertEquals("+PONG", client.read());
    assertEquals(":1", client.read());
    assertEquals(":11", client.read());
    assertTrue(client.isClosed());
  }
}
