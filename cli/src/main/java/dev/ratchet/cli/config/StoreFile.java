package dev.ratchet.cli.config;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.Member;
import dev.ratchet.store.StoreConfig;
import dev.ratchet.store.rpc.AdminToken;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a store node as its file has them; {@code conf/store.yaml} documents each.
 *
 * @param store for the node
 * @param admin where its admin port listens
 */
public record StoreFile(StoreConfig store, HostPort admin) {
  private static final FieldNames NAMES =
      new FieldNames(
          Map.ofEntries(
              Map.entry("electionTimeoutMillis", "raft.election_timeout_millis"),
              Map.entry("electionJitterMillis", "raft.election_jitter_millis"),
              Map.entry("snapshotIntervalSeconds", "raft.snapshot_interval_seconds"),
              Map.entry("applyBatch", "raft.apply_batch"),
              Map.entry("leaseWaitMillis", "lease.wait_millis"),
              Map.entry("suspectMillis", "lease.suspect_millis"),
              Map.entry("placementSettleMillis", "placement.settle_millis"),
              Map.entry("movesPerSecond", "placement.moves_per_second"),
              Map.entry("adminToken", "admin.token")));

  /** Reads a file, or throws with all its problems. */
  public static StoreFile read(Path file) {
    Problems problems = new Problems(file);
    StoreFile settings = of(Fields.of(file, problems), problems);
    problems.throwIfAny();
    return settings;
  }

  /** Every field that the file may have. */
  static Set<String> fields(Path file) {
    Problems problems = new Problems(file);
    Fields fields = Fields.of(file, problems);
    of(fields, problems);
    return fields.known();
  }

  private static StoreFile of(Fields file, Problems problems) {
    StoreConfig defaults = StoreConfig.of("", "", Path.of(""), List.of());
    Fields raft = file.mapping("raft");
    Fields lease = file.mapping("lease");
    Fields placement = file.mapping("placement");
    Fields admin = file.mapping("admin");
    StoreConfig config =
        new StoreConfig(
            file.name("cluster"),
            file.name("node"),
            file.path("data"),
            file.mappings("members").stream().map(StoreFile::member).toList(),
            raft.integer("election_timeout_millis", defaults.electionTimeoutMillis()),
            raft.integer("election_jitter_millis", defaults.electionJitterMillis()),
            raft.integer("snapshot_interval_seconds", defaults.snapshotIntervalSeconds()),
            raft.integer("apply_batch", defaults.applyBatch()),
            lease.integer("wait_millis", defaults.leaseWaitMillis()),
            lease.integer("suspect_millis", defaults.suspectMillis()),
            placement.integer("settle_millis", defaults.placementSettleMillis()),
            placement.integer("moves_per_second", defaults.movesPerSecond()),
            AdminToken.of(admin.secret("token")),
            file.flag("join", defaults.join()));
    HostPort listen = admin.address("listen");
    file.finish();
    NAMES.note(config.validate(), problems);
    return new StoreFile(config, listen);
  }

  private static Member member(Fields member) {
    return new Member(
        member.name("node"), member.name("zone"), member.address("rpc"), member.address("raft"));
  }
}
