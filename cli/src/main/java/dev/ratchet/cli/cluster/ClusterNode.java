package dev.ratchet.cli.cluster;

import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a local cluster and its addresses.
 *
 * @param listen its native port
 * @param second Raft's port of a store node, the Redis port of a router, else null
 * @param admin its admin port
 */
record ClusterNode(
    Role role,
    String name,
    String zone,
    HostPort listen,
    @Nullable HostPort second,
    HostPort admin) {

  /** All its addresses. */
  List<HostPort> addresses() {
    List<HostPort> all = new ArrayList<>(List.of(listen, admin));
    if (second != null) {
      all.add(second);
    }
    return all;
  }

  /** All its addresses with their names, on one line. */
  String describeAddresses() {
    return "listen="
        + listen
        + (second == null ? "" : " " + role.second() + "=" + second)
        + " admin="
        + admin;
  }
}
