package dev.ratchet.cli.config;

import dev.ratchet.alloc.AllocConfig;
import dev.ratchet.proto.rpc.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of an allocation node as its file has them; {@code conf/alloc.yaml} documents each.
 *
 * @param alloc for the node
 * @param admin where its admin port listens
 */
public record AllocFile(AllocConfig alloc, HostPort admin) {
  private static final FieldNames NAMES =
      new FieldNames(
          Map.ofEntries(
              Map.entry("advertiseHost", "advertise_host"),
              Map.entry("renewMillis", "lease.renew_millis"),
              Map.entry("holderMillis", "lease.holder_millis"),
              Map.entry("threads", "calls.threads"),
              Map.entry("maxWaitingCalls", "calls.max_waiting"),
              Map.entry("maxWaitMillis", "calls.max_wait_millis"),
              Map.entry("counterMemoryBytes", "counters.memory_bytes")));

  /** Reads a file, or throws with all its problems. */
  public static AllocFile read(Path file) {
    Problems problems = new Problems(file);
    AllocFile settings = of(Fields.of(file, problems), problems);
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

  private static AllocFile of(Fields file, Problems problems) {
    HostPort listen = file.address("listen");
    AllocConfig defaults = AllocConfig.of("", "", listen, List.of());
    Fields lease = file.mapping("lease");
    Fields calls = file.mapping("calls");
    Fields counters = file.mapping("counters");
    AllocConfig config =
        new AllocConfig(
            file.name("node"),
            file.name("zone"),
            listen,
            file.text("advertise_host", defaults.advertiseHost()),
            file.addresses("stores"),
            lease.integer("renew_millis", defaults.renewMillis()),
            lease.integer("holder_millis", defaults.holderMillis()),
            calls.integer("threads", defaults.threads()),
            calls.integer("max_waiting", defaults.maxWaitingCalls()),
            calls.integer("max_wait_millis", defaults.maxWaitMillis()),
            counters.bytes("memory_bytes", defaults.counterMemoryBytes()));
    HostPort admin = file.mapping("admin").address("listen");
    file.finish();
    NAMES.note(config.validate(), problems);
    return new AllocFile(config, admin);
  }
}
