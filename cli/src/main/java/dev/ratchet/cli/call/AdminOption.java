package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.config.AdminFolder;
import dev.ratchet.client.RatchetClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster an operator's command talks to, and the token that it lets operators in with. */
public final class AdminOption {
  private static final String VARIABLE = "RATCHET_ADMIN_TOKEN";

  @Mixin private ServerOption to;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "File with the cluster's admin token (default: admin.token of --dir, else"
              + " $RATCHET_ADMIN_TOKEN).")
  private @Nullable Path tokenFile;

  /** A client for one or a few calls. */
  public RatchetClient connect() {
    return to.connect();
  }

  /** The same, for calls that must work while only the store nodes run. */
  public RatchetClient connectToStores() {
    return to.connectToStores();
  }

  /** How long the command may take. */
  public int timeoutMillis() {
    return to.timeoutMillis();
  }

  /** The admin token; never empty. */
  public String token() throws IOException {
    return token(System.getenv());
  }

  String token(Map<String, String> environment) throws IOException {
    Path file = tokenFile;
    if (file != null) {
      return AdminFolder.readToken(file);
    }
    AdminFolder folder = to.folder();
    if (folder != null) {
      return folder.token();
    }
    String token = environment.getOrDefault(VARIABLE, "").strip();
    if (token.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "the cluster's admin token is needed: name its file with --token-file FILE, put it in "
              + VARIABLE
              + ", or name a local cluster's folder with --dir DIR");
    }
    return token;
  }
}
