package dev.ratchet.store;

import dev.ratchet.proto.rpc.HostPort;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks who is who in a configuration. */
final class MemberRules {
  /** Ids are part of file names, metrics and Raft's group name. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::", "*");

  private final StoreConfig config;
  private final List<String> wrong;

  MemberRules(StoreConfig config, List<String> wrong) {
    this.config = config;
    this.wrong = wrong;
  }

  void check() {
    checkId("cluster", config.cluster());
    checkId("node", config.node());
    if (config.members().isEmpty()) {
      wrong.add("members: there are none; name every store node of the cluster");
    } else if (config.findSelf().isEmpty()) {
      wrong.add("node: '" + config.node() + "' is not one of the members");
    }
    Set<String> nodes = new HashSet<>();
    Set<HostPort> addresses = new HashSet<>();
    for (Member member : config.members()) {
      checkId("members.node", member.node());
      if (!nodes.add(member.node())) {
        wrong.add("members: node '" + member.node() + "' is there twice");
      }
      checkAddress("rpc", member, member.rpc(), addresses);
      checkAddress("raft", member, member.raft(), addresses);
      if (member.zone().isBlank()) {
        wrong.add("members.zone: node '" + member.node() + "' has none");
      }
    }
  }

  private void checkId(String field, String id) {
    if (!ID.matcher(id).matches()) {
      wrong.add(field + ": '" + id + "' must be 1 to 64 of A-Z a-z 0-9 _ -");
    }
  }

  private void checkAddress(String field, Member member, HostPort address, Set<HostPort> seen) {
    String where = "members." + field + ": " + address + " of node '" + member.node() + "' ";
    if (EVERY_ADDRESS.contains(address.host())) {
      wrong.add(where + "must name the host that others reach it at");
    }
    if (address.port() < 1 || address.port() > 65_534) {
      wrong.add(where + "must have a port of 1 to 65534");
    }
    if (!seen.add(address)) {
      wrong.add(where + "is there twice");
    }
  }
}
