package dev.ratchet.store;

import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A store node in a process of its own, that can be killed. */
final class StoreProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  /** Starts node {@code self}; the addresses are rpc and Raft of each member in turn. */
  StoreProcess(Path data, int self, List<HostPort> addresses) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(StoreProcess.class.getName());
    command.add(data.toString());
    command.add(Integer.toString(self));
    addresses.forEach(address -> command.add(address.toString()));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Entry point of the process. */
  public static void main(String[] args) throws IOException {
    List<HostPort> addresses = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      addresses.add(HostPort.parse(args[i]));
    }
    StoreConfig config = config(Path.of(args[0]), Integer.parseInt(args[1]), addresses);
    try {
      StoreNode node = StoreNode.start(config, new SimpleMeterRegistry());
      System.out.println("started " + node.address());
    } catch (IOException e) {
      System.out.println("refused " + e.getMessage());
      System.exit(1);
    }
  }

  static StoreConfig config(Path data, int self, List<HostPort> addresses) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; 2 * i < addresses.size(); i++) {
      members.add(
          new Member("store-" + i, "zone-" + i, addresses.get(2 * i), addresses.get(2 * i + 1)));
    }
    return StoreConfig.of("test", "store-" + self, data, members);
  }

  /** The first line that begins with a word. */
  String await(String word) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(word)) {
        return line;
      }
    }
    throw new IOException("the process ended without saying '" + word + "'");
  }

  /** Ends it as a power loss would: it can do nothing more. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
