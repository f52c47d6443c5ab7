package dev.ratchet.cli.config;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.rpc.AdminToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What operators' commands need of the folder of a local cluster: its admin token, in {@code
 * admin.token}, which nobody but its owner may read, and its servers. Immutable.
 */
public final class AdminFolder {
  static final String TOKEN_FILE = "admin.token";

  private static final int RANDOM_BYTES = 32;

  private final Path folder;

  /** For a folder made by {@code ratchet dev} or {@code ratchet cluster start}. */
  public AdminFolder(Path folder) {
    this.folder = folder;
  }

  /** The token of the cluster; a random one, saved, when it has none yet. */
  public AdminToken prepare() throws IOException {
    return AdminToken.of(prepareText());
  }

  /** The same, as settings files have it. */
  public String prepareText() throws IOException {
    Path file = folder.resolve(TOKEN_FILE);
    if (!Files.exists(file)) {
      byte[] random = new byte[RANDOM_BYTES];
      new SecureRandom().nextBytes(random);
      SavedFile.writeSecret(file, HexFormat.of().formatHex(random) + "\n");
    }
    return readToken(file);
  }

  /** The saved token. */
  public String token() throws IOException {
    return readToken(folder.resolve(TOKEN_FILE));
  }

  /**
   * The token that a file holds, with or without an end of line.
   *
   * @throws CliException when there is none, or one that no store takes
   */
  public static String readToken(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CliException(ExitCode.USAGE, file + ": there is no such file with an admin token");
    }
    if (Files.size(file) > 2 * AdminToken.MAX_LENGTH) {
      throw new CliException(ExitCode.USAGE, file + ": is too large for an admin token");
    }
    String token = Files.readString(file).strip();
    AdminToken.of(token)
        .problem()
        .ifPresent(
            problem -> {
              throw new CliException(ExitCode.USAGE, file + ": the admin token " + problem);
            });
    if (token.isEmpty()) {
      throw new CliException(ExitCode.USAGE, file + ": is empty; it should hold the admin token");
    }
    return token;
  }

  /** Addresses that serve operators' calls. */
  public List<HostPort> servers() {
    return addresses("allocs", Set.of("router", "alloc"));
  }

  /** Addresses of the store nodes. */
  public List<HostPort> stores() {
    return addresses("store_rpc", Set.of("store"));
  }

  private List<HostPort> addresses(String ofDev, Set<String> roles) {
    Path cluster = folder.resolve("cluster.yaml");
    Path dev = folder.resolve("dev.yaml");
    Path file = Files.exists(cluster) ? cluster : dev;
    if (!Files.exists(file)) {
      throw new CliException(
          ExitCode.USAGE,
          "--dir: there is no cluster in "
              + folder
              + "; it is the folder that `./ratchet cluster start` or `./ratchet dev` was given");
    }
    Problems problems = new Problems(file);
    Fields fields = Fields.of(file, problems);
    List<HostPort> servers = file.equals(dev) ? fields.addresses(ofDev) : ofNodes(fields, roles);
    problems.throwIfAny();
    return servers;
  }

  private static List<HostPort> ofNodes(Fields cluster, Set<String> roles) {
    List<HostPort> servers = new ArrayList<>();
    for (Fields node : cluster.mappings("nodes")) {
      if (roles.contains(node.name("role"))) {
        servers.add(node.address("listen"));
      }
    }
    return servers;
  }
}
