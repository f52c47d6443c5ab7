package dev.ratchet.cli.node;

import dev.ratchet.cli.config.AllocFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ratchet alloc}. */
@Command(
    name = "alloc",
    description = {
      "Run one allocation node, which issues numbers from memory under a lease of the store.",
      "",
      "Example: ./ratchet alloc --config conf/alloc.yaml",
      "",
      "Prints a line `ready NODE ...` once it holds a lease. SIGTERM stops it gracefully: it hands",
      "its sections over with their exact numbers, so that none is skipped.",
    })
public final class AllocCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Its settings; conf/alloc.yaml is a sample.")
  private Path config;

  @Override
  public Integer call() throws Exception {
    AllocFile file = AllocFile.read(config);
    NodeProcess.run(
        file.alloc().node(),
        file.admin(),
        "listen=" + file.alloc().listen(),
        (registry, waiting) -> RunningNode.alloc(file.alloc(), registry));
    return 0;
  }
}
