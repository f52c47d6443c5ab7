package dev.ratchet.cli.node;

import dev.ratchet.cli.config.RouterFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ratchet router}. */
@Command(
    name = "router",
    description = {
      "Run one router, which serves Redis clients and thin native ones.",
      "",
      "Example: ./ratchet router --config conf/router.yaml",
      "",
      "Prints a line `ready NODE ...` once it knows the route table. SIGTERM stops it gracefully.",
    })
public final class RouterCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Its settings; conf/router.yaml is a sample.")
  private Path config;

  @Override
  public Integer call() throws Exception {
    RouterFile file = RouterFile.read(config);
    NodeProcess.run(
        file.router().node(),
        file.admin(),
        "listen=" + file.router().listen() + " resp=" + file.router().resp(),
        (registry, waiting) -> RunningNode.router(file.router(), registry));
    return 0;
  }
}
