package dev.ratchet.cli.cluster;

import dev.ratchet.cli.Main;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line that runs a node in a process of its own, on this same Java and jar. */
final class NodeCommandLine {
  private static final int FEW_PROCESSORS = 4;
  private static final int JAVA_WITH_WARNINGS_ON_NATIVE_CODE = 24;

  private NodeCommandLine() {}

  /** For {@code ratchet ROLE --config FILE}; {@code environment} may add JVM options. */
  static List<String> of(Role role, Path config, Map<String, String> environment) {
    List<String> line = new ArrayList<>(detached());
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Many nodes share this machine: small heaps, and a collector without threads of its own that
    // never has much to copy at a time.
    line.addAll(List.of("-Xmx256m", "-Xmn16m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    if (Runtime.getRuntime().availableProcessors() < FEW_PROCESSORS) {
      // Else the optimizing compiler keeps all of them busy for seconds after a start.
      line.add("-XX:TieredStopAtLevel=1");
    }
    if (Runtime.version().feature() >= JAVA_WITH_WARNINGS_ON_NATIVE_CODE) {
      line.add("--enable-native-access=ALL-UNNAMED");
      line.add("--sun-misc-unsafe-memory-access=allow");
    }
    String options = environment.getOrDefault("RATCHET_JAVA_OPTS", "").strip();
    if (!options.isEmpty()) {
      line.addAll(List.of(options.split("\\s+", -1)));
    }
    line.addAll(program());
    line.addAll(List.of(role.word(), "--config", config.toString()));
    return line;
  }

  /** A session of its own keeps the node alive when this terminal is closed or gets a Ctrl-C. */
  private static List<String> detached() {
    for (String setsid : List.of("/usr/bin/setsid", "/bin/setsid")) {
      if (Files.isExecutable(Path.of(setsid))) {
        return List.of(setsid);
      }
    }
    return List.of();
  }

  private static List<String> program() {
    try {
      Path code = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(code)
          ? List.of("-Djava.library.path=" + code.resolveSibling("native"), "-jar", code.toString())
          : List.of("-cp", System.getProperty("java.class.path"), Main.class.getName());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the jar has no path", e);
    }
  }
}
