package dev.ratchet.cli.dev;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.config.Fields;
import dev.ratchet.cli.config.Problems;
import dev.ratchet.cli.config.SavedFile;
import dev.ratchet.cli.local.FreePorts;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Where the inner nodes of a dev cluster listen. Chosen once and kept in {@code dev.yaml}: Raft
 * knows its members by their addresses, so these must not change from start to start. Immutable.
 */
record DevLayout(List<HostPort> storeRpc, List<HostPort> storeRaft, List<HostPort> allocs) {
  /** Version of the data folder's layout. */
  static final int FORMAT = 1;

  static final int STORES = 3;
  static final int ALLOCS = 2;

  private static final String FILE = "dev.yaml";

  /** The saved layout of a data folder, or a new one, saved. */
  static DevLayout open(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.exists(file)) {
      return read(file);
    }
    if (Files.exists(folder.resolve("store-1"))) {
      throw new CliException(
          ExitCode.FAILED,
          file
              + " is missing though "
              + folder
              + " holds a store's data. It names the ports that the data belongs to: put it back,"
              + " or start with another --data folder");
    }
    DevLayout layout = choose();
    layout.write(file);
    return layout;
  }

  private static DevLayout choose() {
    List<HostPort> free =
        FreePorts.find(2 * STORES + ALLOCS, RandomGenerator.getDefault()).stream()
            .map(DevLayout::local)
            .toList();
    return new DevLayout(
        free.subList(0, STORES),
        free.subList(STORES, 2 * STORES),
        free.subList(2 * STORES, 2 * STORES + ALLOCS));
  }

  private static DevLayout read(Path file) {
    Problems problems = new Problems(file);
    Fields fields = Fields.of(file, problems);
    int format = fields.integer("format", 0, Integer.MAX_VALUE);
    problems.throwIfAny();
    if (format != FORMAT) {
      throw new CliException(
          ExitCode.FAILED,
          file
              + ": the data folder has format "
              + format
              + ", this version of ratchet reads "
              + FORMAT
              + " only. Use the version that wrote it, or another --data folder");
    }
    DevLayout layout =
        new DevLayout(
            fields.addresses("store_rpc"),
            fields.addresses("store_raft"),
            fields.addresses("allocs"));
    fields.finish();
    layout.checkSizes(problems);
    problems.throwIfAny();
    return layout;
  }

  private void checkSizes(Problems problems) {
    checkSize(problems, "store_rpc", storeRpc, STORES);
    checkSize(problems, "store_raft", storeRaft, STORES);
    checkSize(problems, "allocs", allocs, ALLOCS);
  }

  private static void checkSize(
      Problems problems, String field, List<HostPort> addresses, int wanted) {
    if (!addresses.isEmpty() && addresses.size() != wanted) {
      problems.add(field, addresses.size() + " addresses (" + wanted + " are needed)");
    }
  }

  private void write(Path file) throws IOException {
    SavedFile.write(
        file,
        """
        # Written by `ratchet dev` at its first start. These addresses belong to the data beside it:
        # don't change them.
        format: %d
        store_rpc: [%s]
        store_raft: [%s]
        allocs: [%s]
        """
            .formatted(FORMAT, list(storeRpc), list(storeRaft), list(allocs)));
  }

  private static String list(List<HostPort> addresses) {
    return addresses.stream().map(a -> "\"" + a + "\"").collect(Collectors.joining(", "));
  }

  /** Every port, with the name of what listens on it. */
  List<UsedPort> ports() {
    List<UsedPort> ports = new ArrayList<>();
    for (int i = 0; i < STORES; i++) {
      ports.add(new UsedPort(storeRpc.get(i), "store-" + (i + 1)));
      ports.add(new UsedPort(storeRaft.get(i), "Raft of store-" + (i + 1)));
    }
    for (int i = 0; i < ALLOCS; i++) {
      ports.add(new UsedPort(allocs.get(i), "alloc-" + (i + 1)));
    }
    return ports;
  }

  /** An address and the part that listens on it. */
  record UsedPort(HostPort address, String user) {}

  private static HostPort local(int port) {
    return new HostPort(DevCommand.HOST, port);
  }
}
