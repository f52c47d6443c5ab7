package dev.ratchet.cli.node;

import dev.ratchet.cli.config.StoreFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ratchet store}. */
@Command(
    name = "store",
    description = {
      "Run one store node, which persists the ceilings of all sections by Raft.",
      "",
      "Example: ./ratchet store --config conf/store.yaml",
      "",
      "Prints a line `ready NODE ...` once it knows a leader. SIGTERM stops it gracefully.",
    })
public final class StoreCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Its settings; conf/store.yaml is a sample.")
  private Path config;

  @Override
  public Integer call() throws Exception {
    StoreFile file = StoreFile.read(config);
    String addresses =
        "listen=" + file.store().self().rpc() + " raft=" + file.store().self().raft();
    NodeProcess.run(
        file.store().node(),
        file.admin(),
        addresses,
        (registry, waiting) -> RunningNode.store(file.store(), registry, waiting));
    return 0;
  }
}
