package dev.ratchet.store.raft;

import dev.ratchet.proto.rpc.HostPort;
import java.nio.file.Path;
import java.util.List;

/**
 * One member of a Raft group.
 *
 * @param cluster cluster id: members of another cluster are not talked to
 * @param node this member's node id, by which its metrics are told apart
 * @param self this member's Raft address, where it listens
 * @param members all first members' Raft addresses; none for a member that joins others, which then
 *     seeks no election until they have made it a voter
 * @param folder the member's own folder for log, votes and snapshots
 * @param electionTimeoutMillis silence of the leader after which a member seeks election
 * @param electionJitterMillis most that is added to it at random
 * @param snapshotIntervalSeconds time between snapshots: what a restart replays at most
 * @param applyBatch most entries written to the log at a time
 */
public record RaftSettings(
    String cluster,
    String node,
    HostPort self,
    List<HostPort> members,
    Path folder,
    int electionTimeoutMillis,
    int electionJitterMillis,
    int snapshotIntervalSeconds,
    int applyBatch) {

  Path log() {
    return folder.resolve("log");
  }

  Path meta() {
    return folder.resolve("meta");
  }

  Path snapshot() {
    return folder.resolve("snapshot");
  }

  String group() {
    return "ratchet-" + cluster;
  }
}
