package dev.ratchet.store.raft;

import com.alipay.sofa.jraft.StateMachine;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import dev.ratchet.proto.rpc.HostPort;

/** SOFAJRaft's options, where the library's defaults are not safe or not small enough. */
final class RaftNodeOptions {
  /** Entries waiting in each of the library's rings; a ring that is full refuses. */
  static final int RING_SIZE = 2_048;

  /** Threads that serve Raft's calls; a snapshot being fetched holds one. */
  static final int RPC_THREADS = 6;

  private static final int TIMER_THREADS = 3;

  /** Heartbeats in an election timeout; more only keep idle nodes busy. */
  private static final int HEARTBEATS = 5;

  private RaftNodeOptions() {}

  static NodeOptions of(RaftSettings settings, StateMachine machine) {
    NodeOptions options = new NodeOptions();
    options.setFsm(machine);
    options.setInitialConf(
        new Configuration(settings.members().stream().map(RaftNodeOptions::peer).toList()));
    options.setLogUri(settings.log().toString());
    options.setRaftMetaUri(settings.meta().toString());
    options.setSnapshotUri(settings.snapshot().toString());
    options.setElectionTimeoutMs(settings.electionTimeoutMillis());
    options.setSnapshotIntervalSecs(settings.snapshotIntervalSeconds());
    // Anyone who reaches the port could change the membership.
    options.setDisableCli(true);
    options.setTimerPoolSize(TIMER_THREADS);
    options.setRaftRpcThreadPoolSize(RPC_THREADS);
    options.setCliRpcThreadPoolSize(1);
    options.setRpcProcessorThreadPoolSize(RPC_THREADS);
    options.setRpcConnectTimeoutMs(settings.electionTimeoutMillis());
    options.setRaftOptions(raft(settings));
    return options;
  }

  private static RaftOptions raft(RaftSettings settings) {
    RaftOptions options = new RaftOptions();
    options.setSync(true);
    // Off, a power loss forgets the vote and the member votes again in the same term.
    options.setSyncMeta(true);
    options.setEnableLogEntryChecksum(true);
    // Never by the leader's lease, which trusts clocks.
    options.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
    options.setApplyBatch(settings.applyBatch());
    options.setMaxElectionDelayMs(settings.electionJitterMillis());
    options.setElectionHeartbeatFactor(HEARTBEATS);
    options.setDisruptorBufferSize(RING_SIZE);
    options.setOpenStatistics(false);
    return options;
  }

  static PeerId peer(HostPort address) {
    return new PeerId(address.host(), address.port());
  }
}
