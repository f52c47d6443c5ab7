package dev.ratchet.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts servers, and ends those that still live when this process ends, Ctrl-C included.
 * Thread-safe.
 */
public final class Processes implements AutoCloseable {
  private static final int JAVA_WITH_WARNINGS_ON_NATIVE_CODE = 24;

  private final Path work;
  private final Set<ServerProcess> living = ConcurrentHashMap.newKeySet();
  private final Set<String> commandLines = ConcurrentHashMap.newKeySet();
  private final Thread hook = new Thread(this::killAll, "end-servers");
  private volatile boolean ending;

  /** {@code work}: a folder that exists, for their output. */
  public Processes(Path work) {
    this.work = work;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a server.
   *
   * @param name what it is called, once in a run: also its file's name
   * @param environment what it gets beside the variables of this process
   * @throws IOException when the program can't be started
   */
  public ServerProcess start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    Path output = work.resolve(name + ".log");
    Files.deleteIfExists(output);
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(output.toFile()).directory(work.toFile());
    Process process = builder.start();
    ServerProcess[] self = new ServerProcess[1];
    ServerProcess server = new ServerProcess(name, process, output, () -> living.remove(self[0]));
    self[0] = server;
    living.add(server);
    if (ending) {
      server.kill(); // the hook may have looked before it was there
    }
    return server;
  }

  /**
   * Starts a class of this program in a JVM of its own.
   *
   * @param main what to run, and by its simple name what it is called
   * @param options for the JVM
   */
  public ServerProcess startMain(Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (Runtime.version().feature() >= JAVA_WITH_WARNINGS_ON_NATIVE_CODE) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return start(main.getSimpleName(), command, Map.of());
  }

  /** Notes how a server that runs was started, for the report. */
  public void note(ServerProcess server) throws IOException {
    note(server.name(), server.commandLine());
  }

  /** Notes how a server was started that shows another command line than it was given. */
  void note(String name, List<String> commandLine) {
    List<String> shown = new ArrayList<>(commandLine);
    int classPath = shown.indexOf("-cp") + 1;
    if (classPath > 0 && classPath < shown.size()) {
      shown.set(classPath, "..."); // tens of files that tell nothing
    }
    commandLines.add(name + ": " + String.join(" ", shown));
  }

  /** Command lines noted, by name. */
  public List<String> commandLines() {
    return List.copyOf(new TreeSet<>(commandLines));
  }

  private void killAll() {
    ending = true;
    living.forEach(ServerProcess::kill);
  }

  /** Ends all that live. */
  @Override
  public void close() {
    List.copyOf(living).forEach(ServerProcess::close);
    if (!ending) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
