package dev.ratchet.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.AllocConfig;
import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.router.RouterConfig;
import dev.ratchet.store.StoreConfig;
import dev.ratchet.store.rpc.AdminToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
  private static final Path HOME = Path.of(System.getProperty("ratchet.home", ".."));

  @TempDir private Path folder;

  @Test
  void theSamplesLoadAsTheyAreAndShowTheDefaults() {
    StoreConfig store = StoreFile.read(HOME.resolve("conf/store.yaml")).store();
    assertEquals(
        StoreConfig.of(store.cluster(), store.node(), store.data(), store.members()), store);
    AllocConfig alloc = AllocFile.read(HOME.resolve("conf/alloc.yaml")).alloc();
    AllocConfig allocDefaults =
        AllocConfig.of(alloc.node(), alloc.zone(), alloc.listen(), alloc.stores());
    assertEquals(allocDefaults.renewMillis(), alloc.renewMillis());
    assertEquals(allocDefaults.holderMillis(), alloc.holderMillis());
    assertEquals(allocDefaults.maxWaitingCalls(), alloc.maxWaitingCalls());
    assertEquals(allocDefaults.maxWaitMillis(), alloc.maxWaitMillis());
    RouterConfig router = RouterFile.read(HOME.resolve("conf/router.yaml")).router();
    RouterConfig routerDefaults =
        RouterConfig.of(
            router.node(), router.zone(), router.listen(), router.resp(), router.allocs());
    assertEquals(routerDefaults.timeoutMillis(), router.timeoutMillis());
    assertEquals(routerDefaults.maxOutstanding(), router.maxOutstanding());
    assertEquals(routerDefaults.maxRespConnections(), router.maxRespConnections());
    assertEquals(routerDefaults.unreadSeconds(), router.unreadSeconds());
  }

  @Test
  void everyFieldIsInItsSampleAndInTheDocumentation() throws IOException {
    String docs = Files.readString(HOME.resolve("docs/configuration.md"));
    Path store = HOME.resolve("conf/store.yaml");
    Path alloc = HOME.resolve("conf/alloc.yaml");
    Path router = HOME.resolve("conf/router.yaml");
    check(StoreFile.fields(store), store, section(docs, "## Store node"));
    check(AllocFile.fields(alloc), alloc, section(docs, "## Allocation node"));
    check(RouterFile.fields(router), router, section(docs, "## Router"));
  }

  private static String section(String docs, String title) {
    int start = docs.indexOf(title);
    assertTrue(start >= 0, title);
    int end = docs.indexOf("\n## ", start);
    return end < 0 ? docs.substring(start) : docs.substring(start, end);
  }

  private static void check(Set<String> fields, Path sample, String docs) throws IOException {
    String text = Files.readString(sample);
    for (String field : fields) {
      boolean isGroup = fields.stream().anyMatch(other -> other.startsWith(field + "."));
      String leaf = field.substring(field.lastIndexOf('.') + 1);
      assertTrue(text.contains(leaf + ":"), sample + " lacks " + field);
      assertTrue(isGroup || docs.contains("| `" + field + "` |"), "undocumented: " + field);
    }
    for (String documented : docs.lines().filter(line -> line.startsWith("| `")).toList()) {
      String field = documented.substring(3, documented.indexOf('`', 3));
      assertTrue(fields.contains(field), "documented, but no such field: " + field);
    }
  }

  @Test
  void allProblemsAreToldAtOnce() throws IOException {
    List<String> problems =
        problemsOf(
            """
            node: "has a space"
            listen: nowhere
            stores: []
            advertise: x
            lease: {renew_millis: soon, holder_millis: 300, renew_milis: 5}
            calls: 7
            """);
    String all = String.join("\n", problems);
    for (String start :
        List.of(
            "node: 'has a space' is not allowed (a name",
            "zone: is missing (a name",
            "listen: 'nowhere' is not allowed (HOST:PORT",
            "stores: '[]' is not allowed (a list of HOST:PORT, at least one",
            "advertise: no such field (known here: admin, advertise_host,",
            "lease.renew_millis: 'soon' is not allowed (a whole number",
            "lease.renew_milis: no such field (known here: holder_millis, renew_millis)",
            "lease.holder_millis: must be at least two renewals",
            "calls: '7' is not allowed (a mapping)",
            "admin.listen: is missing (HOST:PORT)")) {
      assertTrue(
          problems.stream().anyMatch(line -> line.contains("alloc.yaml: " + start)),
          "missing: " + start + "\nin:\n" + all);
    }
    assertEquals(10, problems.size(), all);
  }

  private List<String> problemsOf(String yaml) throws IOException {
    Path file = folder.resolve("alloc.yaml");
    Files.writeString(file, yaml);
    CliException refused = assertThrows(CliException.class, () -> AllocFile.read(file));
    assertEquals(ExitCode.USAGE, refused.exit());
    return String.valueOf(refused.getMessage()).lines().toList();
  }

  @Test
  void brokenYamlDuplicateFieldsAndOtherShapesAreProblems() throws IOException {
    assertTrue(problemsOf("node: [").get(0).contains("no valid YAML"));
    assertTrue(problemsOf("node: a\nnode: b\n").get(0).contains("duplicate key"));
    assertTrue(problemsOf("- a\n- b\n").get(0).contains("must be a YAML mapping"));
    assertTrue(problemsOf("").get(0).contains("must be a YAML mapping"));
  }

  @Test
  void aSecretIsNeverShownWhateverIsWrongWithIt() throws IOException {
    Path file = folder.resolve("store.yaml");
    String sample = Files.readString(HOME.resolve("conf/store.yaml"));
    for (String bad : List.of("\"hunter2\"", "7654321", "[hunter2", "\"hunter2\" hunter2")) {
      Files.writeString(file, sample.replace("  # token: \"...\"", "  token: " + bad));
      CliException refused = assertThrows(CliException.class, () -> StoreFile.read(file));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("store.yaml: "), message);
      assertFalse(message.contains("hunter2") || message.contains("7654321"), message);
    }
    Files.writeString(file, sample.replace("# token: \"...\"", "token: \"hunter2-hunter2-\""));
    StoreConfig store = StoreFile.read(file).store();
    assertEquals(AdminToken.of("hunter2-hunter2-"), store.adminToken());
    assertFalse(store.toString().contains("hunter2"), store.toString());
  }

  @Test
  void aPortMustBeOne() throws IOException {
    for (String port : List.of("0", "65536", "-1", "x")) {
      assertTrue(
          problemsOf("listen: \"h:" + port + "\"\n").stream()
              .anyMatch(line -> line.contains("listen: 'h:" + port + "' is not allowed")),
          port);
    }
  }

  @Test
  void whatTheFileSaysIsWhatTheNodeGets() throws IOException {
    Path file = folder.resolve("alloc.yaml");
    Files.writeString(
        file,
        """
        node: a
        zone: z
        listen: "0.0.0.0:1"
        advertise_host: outside
        stores: ["s1:2", "s2:3"]
        admin: {listen: "127.0.0.1:4"}
        lease: {renew_millis: 300, holder_millis: 4000}
        calls: {threads: 3, max_waiting: 5, max_wait_millis: 6}
        counters: {memory_bytes: 5000000000}
        """);
    AllocFile read = AllocFile.read(file);
    assertEquals(
        new AllocConfig(
            "a",
            "z",
            new HostPort("0.0.0.0", 1),
            "outside",
            List.of(new HostPort("s1", 2), new HostPort("s2", 3)),
            300,
            4_000,
            3,
            5,
            6,
            5_000_000_000L),
        read.alloc());
    assertEquals(new HostPort("127.0.0.1", 4), read.admin());
  }
}
