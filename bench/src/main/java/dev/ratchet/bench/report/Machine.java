package dev.ratchet.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where and of what the figures are.
 *
 * @param cpu model of the processors
 * @param cores as many as this process may use
 * @param memory of the machine
 * @param kernel name and version
 * @param load average of the last minute, before the run: what else the machine did
 * @param jvm version of the Java that all JVMs run on
 * @param commit of the sources, with a plus behind when they were changed since
 */
public record Machine(
    String cpu, int cores, String memory, String kernel, String load, String jvm, String commit) {
  private static final String UNKNOWN = "unknown";
  private static final Path PROC = Path.of("/proc");

  /** This machine, and the sources in a folder. */
  public static Machine here(Path home) throws IOException, InterruptedException {
    String changed = git(home, "status", "--porcelain", "--untracked-files=no");
    String commit = git(home, "rev-parse", "--short=12", "HEAD");
    return new Machine(
        field(PROC.resolve("cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        field(PROC.resolve("meminfo"), "MemTotal"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        loadAverage(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        commit + (changed.isEmpty() || changed.equals(UNKNOWN) ? "" : "+"));
  }

  private static String field(Path file, String name) throws IOException {
    if (!Files.isReadable(file)) {
      return UNKNOWN;
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static String loadAverage() throws IOException {
    Path file = PROC.resolve("loadavg");
    return Files.isReadable(file) ? Files.readString(file).split(" ", -1)[0] : UNKNOWN;
  }

  private static String git(Path home, String... arguments)
      throws IOException, InterruptedException {
    if (!Files.exists(home.resolve(".git"))) {
      return UNKNOWN;
    }
    List<String> command = new ArrayList<>(List.of("git", "-C", home.toString()));
    command.addAll(List.of(arguments));
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? said.strip() : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN; // there is no git on this machine
    }
  }

  /** Its facts by name, in the order of a report. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cpu", cpu);
    facts.put("cores", cores);
    facts.put("memory", memory);
    facts.put("kernel", kernel);
    facts.put("load_before", load);
    facts.put("jvm", jvm);
    facts.put("commit", commit);
    return facts;
  }
}
