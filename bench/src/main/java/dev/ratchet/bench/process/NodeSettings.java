package dev.ratchet.bench.process;

import dev.ratchet.proto.rpc.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The settings files of a small cluster's nodes.
 *
 * @param snapshotSeconds time between snapshots of the store
 */
record NodeSettings(
    int snapshotSeconds,
    List<StoreAddresses> stores,
    HostPort allocNative,
    HostPort allocAdmin,
    HostPort routerNative,
    HostPort routerResp,
    HostPort routerAdmin) {

  /** Where a store node listens. */
  record StoreAddresses(HostPort rpc, HostPort raft, HostPort admin) {}

  String store(int index, Path data) {
    StringBuilder text = new StringBuilder("cluster: bench\n");
    text.append("node: store-").append(index + 1).append('\n');
    text.append("data: '").append(data).append("'\nmembers:\n");
    for (int i = 0; i < stores.size(); i++) {
      StoreAddresses store = stores.get(i);
      text.append(
          "  - {node: store-%d, zone: zone-%d, rpc: \"%s\", raft: \"%s\"}\n"
              .formatted(i + 1, i + 1, store.rpc(), store.raft()));
    }
    text.append("raft: {snapshot_interval_seconds: ").append(snapshotSeconds).append("}\n");
    return text.append(admin(stores.get(index).admin())).toString();
  }

  String alloc() {
    String rpc =
        stores.stream()
            .map(store -> "\"" + store.rpc() + "\"")
            .collect(Collectors.joining(", ", "[", "]"));
    return "node: alloc-1\nzone: zone-1\nlisten: \"%s\"\nstores: %s\n".formatted(allocNative, rpc)
        + admin(allocAdmin);
  }

  String router() {
    return "node: router-1\nzone: zone-1\nlisten: \"%s\"\nresp: \"%s\"\nallocs: [\"%s\"]\n"
            .formatted(routerNative, routerResp, allocNative)
        + admin(routerAdmin);
  }

  private static String admin(HostPort address) {
    return "admin:\n  listen: \"" + address + "\"\n";
  }
}
