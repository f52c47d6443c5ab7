package dev.ratchet.bench.process;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A floor: the least that a server of a protocol must do, in a JVM of its own. */
public record FloorServer(ServerProcess process, HostPort address) implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofMinutes(1);
  private static final int JAVA_WITH_WARNINGS_ON_NATIVE_CODE = 24;

  /**
   * Starts it, and returns when it serves.
   *
   * @param main class to run, which takes a port and prints a line with {@code ready}
   * @param options for its JVM: those of the server it is compared with
   */
  public static FloorServer start(Processes processes, Class<?> main, List<String> options)
      throws IOException {
    HostPort address = Ports.free(1).get(0);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (Runtime.version().feature() >= JAVA_WITH_WARNINGS_ON_NATIVE_CODE) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.add(Integer.toString(address.port()));
    ServerProcess process = processes.start(main.getSimpleName(), command, Map.of());
    process.awaitLine("ready", START_BOUND);
    processes.note(process);
    return new FloorServer(process, address);
  }

  @Override
  public void close() {
    process.close();
  }
}
