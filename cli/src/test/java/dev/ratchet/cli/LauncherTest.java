package dev.ratchet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The {@code ratchet} script, in a project and on a Java that only tell what is done to them. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class LauncherTest {
  private static final Path SCRIPT =
      Path.of(System.getProperty("ratchet.home", "..")).resolve("ratchet");

  @TempDir private Path temporary;
  private Path home;
  private Path java;

  @BeforeEach
  void layOut() throws IOException {
    home = Files.createDirectories(temporary.resolve("a project"));
    java = temporary.resolve("a jdk");
    Files.copy(SCRIPT, home.resolve("ratchet"));
    executable(home.resolve("ratchet"), Files.readString(SCRIPT));
    for (String module :
        List.of(
            "proto",
            "admin",
            "store-node",
            "alloc-node",
            "client",
            "router",
            "cli",
            "jepsen",
            "bench")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.writeString(home.resolve(module).resolve("pom.xml"), "");
    }
    Files.createDirectories(home.resolve("build"));
    Files.writeString(home.resolve("pom.xml"), "");
    executable(
        home.resolve("mvnw"),
        """
        #!/bin/sh
        echo built >>builds
        [ ! -e broken ] || exit 1
        mkdir -p cli/target
        touch cli/target/ratchet.jar
        """);
    executable(java.resolve("bin/java"), "#!/bin/sh\nfor a in \"$@\"; do echo \"$a\"; done\n");
    release("17.0.1");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void release(String version) throws IOException {
    Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private Process launch(Path script, String... arguments) throws IOException {
    return launch(script, Map.of(), arguments);
  }

  private Process launch(Path script, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("/bin/sh", script.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).directory(temporary.toFile());
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().remove("RATCHET_JAVA_OPTS");
    builder.environment().remove("RATCHET_BUILD");
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(temporary.resolve("err").toFile()));
    return builder.start();
  }

  private List<String> run(String... arguments) throws Exception {
    return output(launch(home.resolve("ratchet"), arguments));
  }

  private List<String> output(Process process) throws Exception {
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return lines;
  }

  private long builds() throws IOException {
    Path log = home.resolve("builds");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  private String errors() throws IOException {
    return Files.readString(temporary.resolve("err"));
  }

  private void makeNewer(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(100)));
  }

  @Test
  void buildsOnceAndPassesArgumentsThrough() throws Exception {
    List<String> given = run("seq", "next", "a key");
    assertEquals(List.of("seq", "next", "a key"), given.subList(given.size() - 3, given.size()));
    assertTrue(given.contains(home.toRealPath().resolve("cli/target/ratchet.jar").toString()));
    run("seq");
    assertEquals(1, builds());
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    run();
    makeNewer(home.resolve("router/pom.xml"));
    run();
    assertEquals(2, builds());
  }

  @Test
  void aJarThatABuildLeftUntouchedIsNotBuiltForever() throws Exception {
    run();
    Files.setLastModifiedTime(home.resolve("cli/target/ratchet.jar"), FileTime.from(Instant.EPOCH));
    run();
    assertEquals(1, builds());
  }

  @Test
  void theHarnessIsBuiltForThoseWhoRunIt() throws Exception {
    run("seq");
    List<String> given = run("jepsen", "--time", "a while");
    assertEquals(2, builds());
    assertEquals(
        List.of("clojure.main", "-m", "ratchet.jepsen.cli", "--time", "a while"),
        given.subList(given.size() - 5, given.size()));
    run("jepsen");
    assertEquals(2, builds());
    makeNewer(home.resolve("client/src/main"));
    run("jepsen");
    assertEquals(3, builds());
  }

  @Test
  void theBenchmarkIsBuiltForThoseWhoRunIt() throws Exception {
    run("seq");
    List<String> given = run("bench", "--rows", "1,2");
    assertEquals(2, builds());
    assertEquals(
        List.of("dev.ratchet.bench.Main", "bench", "--rows", "1,2"),
        given.subList(given.size() - 4, given.size()));
    run("bench");
    assertEquals(2, builds());
    makeNewer(home.resolve("bench/src/main"));
    run("bench");
    assertEquals(3, builds());
  }

  @Test
  void whatWasBuiltLastIsRunWhereAskedFor() throws Exception {
    run();
    makeNewer(home.resolve("router/pom.xml"));
    Process process = launch(home.resolve("ratchet"), Map.of("RATCHET_BUILD", "never"), "seq");
    assertTrue(output(process).contains("seq"));
    assertEquals(1, builds());
  }

  @Test
  void manyFirstUsesBuildOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(launch(home.resolve("ratchet"), "x"));
    }
    for (Process process : processes) {
      output(process);
      assertEquals(0, process.exitValue(), errors());
    }
    assertEquals(1, builds());
  }

  @Test
  void aFailedBuildIsToldAndTriedAgain() throws Exception {
    Path broken = Files.writeString(home.resolve("broken"), "");
    Process failed = launch(home.resolve("ratchet"), "x");
    assertEquals(List.of(), output(failed));
    assertEquals(1, failed.exitValue());
    assertTrue(errors().contains("the build failed"), errors());
    Files.delete(broken);
    assertTrue(run("x").contains("x"));
  }

  @Test
  void worksThroughSymlinks() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), home.resolve("ratchet"));
    Path second = Files.createSymbolicLink(temporary.resolve("second"), link.getFileName());
    assertTrue(output(launch(second, "x")).contains("x"));
  }

  @Test
  void anOldJavaIsRefusedWithAdvice() throws Exception {
    release("11.0.2");
    Process refused = launch(home.resolve("ratchet"), "x");
    assertEquals(List.of(), output(refused));
    assertEquals(1, refused.exitValue());
    assertTrue(errors().contains("is Java 11; Ratchet needs 17 or newer"), errors());
    assertEquals(0, builds());
  }

  @Test
  void newJavasGetTheFlagsForNativeCode() throws Exception {
    assertEquals(false, run("dev").contains("--enable-native-access=ALL-UNNAMED"));
    release("25");
    List<String> given = run("dev");
    assertTrue(given.contains("--enable-native-access=ALL-UNNAMED"), given.toString());
    assertTrue(given.contains("-XX:+ExitOnOutOfMemoryError"), given.toString());
  }
}
