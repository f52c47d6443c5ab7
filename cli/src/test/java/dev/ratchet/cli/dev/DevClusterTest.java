package dev.ratchet.cli.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.Ratchet;
import dev.ratchet.cli.config.AdminFolder;
import dev.ratchet.cli.local.FreePorts;
import dev.ratchet.cli.node.Lifetime;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import redis.clients.jedis.Jedis;

/** The whole dev cluster, and the commands that call it, in this process. */
@Timeout(300)
class DevClusterTest {
  @TempDir private Path folder;

  private final List<HostPort> ports =
      FreePorts.find(3, new Random()).stream()
          .map(port -> new HostPort("127.0.0.1", port))
          .toList();
  private final HostPort listen = ports.get(0);
  private final HostPort resp = ports.get(1);
  private final HostPort admin = ports.get(2);

  private Lifetime start() throws IOException, InterruptedException {
    Lifetime lifetime = Lifetime.untilClosed();
    new DevCluster(folder, DevLayout.open(folder), new AdminFolder(folder).prepare(), lifetime)
        .start(listen, resp, admin);
    return lifetime;
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** An operator's command; what it said is in {@link #out} and {@link #err}. */
  private int admin(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Ratchet.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void operatorsAreLetInByTheTokenThroughRoutersAndAllocationNodes() throws Exception {
    Lifetime running = start();
    String dir = folder.toString();
    String token = folder.resolve("admin.token").toString();
    String router = listen.toString();
    Path wrong = folder.resolve("wrong.token");
    Files.writeString(wrong, "0123456789abcdef");
    assertEquals(0, admin("admin", "balance", "--dir", dir), err::toString);
    assertEquals(
        0, admin("admin", "balance", "--token-file", token, "--server", router), err::toString);
    assertEquals(
        1, admin("admin", "balance", "--server", router, "--token-file", wrong.toString()));
    assertTrue(err.toString().contains("the admin token is wrong"), err::toString);
    assertTrue(err.toString().contains("[UNAUTHENTICATED]"), err::toString);
    assertFalse(err.toString().contains("0123456789abcdef"), err::toString);
    running.close();
  }

  @Test
  void sectionsGoWhereOperatorsWantThemWithoutASkippedNumber() throws Exception {
    Lifetime running = start();
    String dir = folder.toString();
    try (Jedis redis = new Jedis(resp.host(), resp.port())) {
      assertEquals(1, redis.incr("user:42"));
      for (String node : List.of("alloc-1", "alloc-2")) {
        assertEquals(0, admin("admin", "move", "user", "0", node, "--dir", dir), err::toString);
        assertTrue(
            out.toString().contains("section 0 of namespace 'user' is served by " + node),
            out::toString);
      }
      assertEquals(2, redis.incr("user:42"));
      assertEquals(0, admin("admin", "balance", "--dir", dir), err::toString);
      assertTrue(out.toString().contains(" sections moved, 1 are no longer"), out::toString);
      assertEquals(0, admin("admin", "drain", "alloc-2", "--dir", dir), err::toString);
      assertTrue(out.toString().contains("alloc-2 is drained"), out::toString);
      assertEquals(3, redis.incr("user:42"));
      assertEquals(0, admin("admin", "status", "--dir", dir), err::toString);
      assertTrue(
          out.toString().matches("(?s).*alloc-2 +zone-2 +drained +\\d+ ms +0 .*"), out::toString);
      assertEquals(1, admin("admin", "move", "user", "0", "alloc-2", "--dir", dir));
      assertTrue(err.toString().contains("is drained"), err::toString);
      assertEquals(1, admin("admin", "drain", "alloc-1", "--dir", dir));
      assertTrue(err.toString().contains("only allocation node"), err::toString);
      assertEquals(1, admin("admin", "move", "nobody", "0", "alloc-1", "--dir", dir));
      assertTrue(err.toString().contains("no namespace 'nobody'"), err::toString);
      assertEquals(1, admin("admin", "move", "default", "256", "alloc-1", "--dir", dir));
      assertTrue(err.toString().contains("sections are 0 to 255"), err::toString);
      assertEquals(0, admin("admin", "drain", "alloc-2", "--undo", "--dir", dir), err::toString);
      assertEquals(0, admin("admin", "move", "user", "0", "alloc-2", "--dir", dir), err::toString);
      assertEquals(4, redis.incr("user:42"));
    }
    running.close();
  }

  @Test
  void numbersGoOnExactlyAfterAGracefulStop() throws Exception {
    Lifetime first = start();
    try (Jedis redis = new Jedis(resp.host(), resp.port())) {
      assertEquals(1, redis.incr("user:42"));
      assertEquals(11, redis.incrBy("user:42", 10));
      assertEquals(1, redis.incr("key:000000000012"));
      assertEquals("ready: ", get("/readyz").substring(0, 7));
      assertTrue(get("/metrics").contains("node=\"alloc-2\""));
    } finally {
      first.close();
    }
    Lifetime second = start();
    try (Jedis redis = new Jedis(resp.host(), resp.port())) {
      assertEquals("11", redis.get("user:42"));
      assertEquals(12, redis.incr("user:42"));
      callByCommands();
    } finally {
      second.close();
    }
  }

  private void callByCommands() throws IOException {
    assertEquals("13\n", run(0, "seq", "next", "user:42"));
    assertEquals("14..16\n", run(0, "seq", "next", "user:42", "--count", "3"));
    assertEquals("16\n", run(0, "seq", "current", "user:42"));
    assertEquals("1\n", run(0, "seq", "next", "a key of default"));
    assertTrue(run(0, "namespace", "create", "docs").contains("docs  string  256"));
    assertEquals("", run(1, "namespace", "create", "docs", "--sections", "8"));
    assertTrue(run(0, "namespace", "list").contains("user"));
    assertEquals("", run(1, "seq", "next", "nowhere:1"));
    assertEquals("", run(1, "seq", "next", "user:not-a-number"));
    assertTrue(run(0, "admin", "status").contains("unowned 0"));
    assertTrue(run(0, "admin", "status", "--json").contains("\"role\":\"leader\""));
    Path log = folder.resolve("messages.txt");
    StringBuilder lines = new StringBuilder("source target time\n");
    for (int i = 0; i < 3_000; i++) {
      lines.append(i).append(' ').append(i * 31 % 17).append(' ').append(i).append('\n');
    }
    Files.writeString(log, lines);
    String report = run(0, "replay", log.toString(), "--in-flight", "200");
    assertTrue(report.contains("messages 3000 of 3000\ntargets 17\n"), report);
    assertTrue(report.contains("checks: unique true, rising true"), report);
  }

  private String run(int exit, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Ratchet.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--server";
    all[arguments.length + 1] = listen.toString();
    assertEquals(exit, line.execute(all), String.join(" ", all) + ": " + err);
    return out.toString();
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + admin + path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
