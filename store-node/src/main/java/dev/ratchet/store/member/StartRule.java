package dev.ratchet.store.member;

import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.store.state.LogFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the other store nodes' answers whether this one may take part. Pure.
 *
 * <p>Raft counts on every voter keeping its votes and log. A voter that comes back with an empty
 * disk would vote again, and help to elect a leader that lacks what was committed. So an empty disk
 * takes part only when it is certain that no other disk has taken part under its name:
 *
 * <ul>
 *   <li>In a new cluster, when every other member has answered, and none knows this one by another
 *       disk. A member keeps all others' disk ids before it takes part, so whoever may have counted
 *       the lost disk's vote knows that disk.
 *   <li>To join a cluster that runs, when a member says that this very disk is recorded.
 * </ul>
 */
final class StartRule {
  private final String cluster;
  private final String node;
  private final String disk;
  private final LogFormat format;

  /** Who asks: a node of a cluster, its disk, and what it can read. */
  StartRule(String cluster, String node, String disk, LogFormat format) {
    this.cluster = cluster;
    this.node = node;
    this.disk = disk;
    this.format = format;
  }

  /** What to do. */
  enum Kind {
    START,
    WAIT,
    REFUSE
  }

  /**
   * The decision.
   *
   * @param kind what to do
   * @param why what is waited for, or why it is refused; empty to start
   */
  record Verdict(Kind kind, String why) {
    static final Verdict START = new Verdict(Kind.START, "");
  }

  /** For a first start in a new cluster: {@code answers} has a key for every other member. */
  Verdict ofNewCluster(Map<Peer, Optional<DiskReply>> answers) {
    Verdict refused = refusal(answers);
    if (refused != null) {
      return refused;
    }
    List<String> silent = new ArrayList<>();
    for (Map.Entry<Peer, Optional<DiskReply>> entry : answers.entrySet()) {
      Optional<DiskReply> answer = entry.getValue();
      if (answer.isEmpty()) {
        silent.add(name(entry.getKey()));
      } else if (!answer.get().known().equals(disk)) {
        Verdict stranger = stranger(entry.getKey(), answer.get());
        if (stranger != null) {
          return stranger;
        }
      }
    }
    return silent.isEmpty()
        ? Verdict.START
        : new Verdict(
            Kind.WAIT,
            "first start with an empty data folder: waiting for an answer of "
                + String.join(", ", silent)
                + ". Each other store node must say once that it knows no other disk of '"
                + node
                + "': start them all");
  }

  private @Nullable Verdict stranger(Peer peer, DiskReply answer) {
    if (!answer.known().isEmpty()) {
      return refused(
          "store node "
              + name(peer)
              + " knows '"
              + node
              + "' by disk "
              + answer.known()
              + ", and this data folder is disk "
              + disk
              + ": the disk of '"
              + node
              + "' was lost or swapped, and what it had acknowledged with it. Put the old disk back;"
              + " or, if it is gone, add this one as a new member: "
              + addAnew()
              + ". If the cluster never served, empty the data folders of all its store nodes and"
              + " start them anew");
    }
    return answer.started()
        ? refused(
            "the cluster of store node "
                + name(peer)
                + " runs already, and '"
                + node
                + "' is not a member of it: "
                + addAnew())
        : null;
  }

  private String addAnew() {
    return "`./ratchet admin member remove "
        + node
        + "` (if it is listed), set `join: true` in this node's settings, start it, and"
        + " `./ratchet admin member add "
        + node
        + " ZONE RPC RAFT`";
  }

  /** For a node that joins: {@code answers} of those members that it knows. */
  Verdict ofJoining(Map<Peer, Optional<DiskReply>> answers) {
    Verdict refused = refusal(answers);
    if (refused != null) {
      return refused;
    }
    boolean isRecorded =
        answers.values().stream()
            .flatMap(Optional::stream)
            .anyMatch(answer -> answer.started() && answer.known().equals(disk));
    if (isRecorded) {
      return Verdict.START;
    }
    String otherDisk =
        answers.values().stream()
            .flatMap(Optional::stream)
            .map(DiskReply::known)
            .filter(known -> !known.isEmpty())
            .findFirst()
            .map(known -> "it is recorded with another disk (" + known + "): first remove that, ")
            .orElse("");
    return new Verdict(
        Kind.WAIT,
        "waiting to be added to the cluster: "
            + otherDisk
            + "run `./ratchet admin member add "
            + node
            + " ZONE RPC RAFT`");
  }

  /** For a later start: only what certainly can't work is refused; null to start. */
  @Nullable Verdict refusal(Map<Peer, Optional<DiskReply>> answers) {
    for (Map.Entry<Peer, Optional<DiskReply>> entry : answers.entrySet()) {
      if (entry.getValue().isPresent()) {
        Verdict refused = refusal(entry.getKey(), entry.getValue().get());
        if (refused != null) {
          return refused;
        }
      }
    }
    return null;
  }

  private @Nullable Verdict refusal(Peer peer, DiskReply answer) {
    if (!answer.cluster().equals(cluster)) {
      return refused(
          name(peer)
              + " belongs to cluster '"
              + answer.cluster()
              + "', and this node to '"
              + cluster
              + "'; correct the addresses of the members");
    }
    if (!Objects.equals(answer.node(), peer.node())) {
      return refused(
          name(peer)
              + " answers as store node '"
              + answer.node()
              + "'; correct the addresses of the members");
    }
    LogFormat theirs =
        new LogFormat(answer.logWrites(), answer.logReadsFrom(), answer.logReadsTo());
    String conflict = format.conflict(node, peer.node(), theirs);
    return conflict == null ? null : refused(conflict);
  }

  private static Verdict refused(String why) {
    return new Verdict(Kind.REFUSE, why);
  }

  private static String name(Peer peer) {
    return "'" + peer.node() + "' at " + peer.rpc();
  }
}
