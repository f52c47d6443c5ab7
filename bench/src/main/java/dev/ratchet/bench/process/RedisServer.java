package dev.ratchet.bench.process;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@code redis-server} on an empty folder. */
public record RedisServer(ServerProcess process, HostPort resp) implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofSeconds(30);

  /** What of its data is on disk when it answers. */
  public enum Persistence {
    /** Nothing, ever. */
    NONE,
    /** The command: its log is fsynced before. */
    EACH_COMMAND;

    private List<String> options() {
      return switch (this) {
        case NONE -> List.of("--appendonly", "no");
        case EACH_COMMAND -> List.of("--appendonly", "yes", "--appendfsync", "always");
      };
    }
  }

  /** Starts it, and returns when it serves. */
  public static RedisServer start(
      Processes processes, Programs programs, Path folder, Persistence persistence)
      throws IOException {
    Path program = programs.find("redis-server", "redis-server");
    Files.createDirectories(folder);
    HostPort resp = Ports.free(1).get(0);
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program.toString(), "--port", Integer.toString(resp.port())));
    command.addAll(List.of("--bind", resp.host(), "--dir", folder.toString(), "--save", ""));
    command.addAll(persistence.options());
    ServerProcess process = processes.start("redis-" + resp.port(), command, Map.of());
    process.awaitLine("Ready to accept connections", START_BOUND);
    processes.note(process.name(), command); // it shows its address in place of its options
    return new RedisServer(process, resp);
  }

  @Override
  public void close() {
    process.close();
  }
}
