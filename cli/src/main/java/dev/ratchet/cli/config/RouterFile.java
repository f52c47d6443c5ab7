package dev.ratchet.cli.config;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.router.RouterConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a router as its file has them; {@code conf/router.yaml} documents each.
 *
 * @param router for the node
 * @param admin where its admin port listens
 */
public record RouterFile(RouterConfig router, HostPort admin) {
  private static final FieldNames NAMES =
      new FieldNames(
          Map.of(
              "threads", "calls.threads",
              "timeoutMillis", "calls.timeout_millis",
              "maxOutstanding", "calls.max_outstanding",
              "maxRespConnections", "redis.max_connections",
              "unreadSeconds", "redis.unread_seconds"));

  /** Reads a file, or throws with all its problems. */
  public static RouterFile read(Path file) {
    Problems problems = new Problems(file);
    RouterFile settings = of(Fields.of(file, problems), problems);
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

  private static RouterFile of(Fields file, Problems problems) {
    HostPort listen = file.address("listen");
    HostPort resp = file.address("resp");
    RouterConfig defaults = RouterConfig.of("", "", listen, resp, List.of());
    Fields calls = file.mapping("calls");
    Fields redis = file.mapping("redis");
    RouterConfig config =
        new RouterConfig(
            file.name("node"),
            file.name("zone"),
            listen,
            resp,
            file.addresses("allocs"),
            calls.integer("threads", defaults.threads()),
            calls.integer("timeout_millis", defaults.timeoutMillis()),
            calls.integer("max_outstanding", defaults.maxOutstanding()),
            redis.integer("max_connections", defaults.maxRespConnections()),
            redis.integer("unread_seconds", defaults.unreadSeconds()));
    HostPort admin = file.mapping("admin").address("listen");
    file.finish();
    NAMES.note(config.validate(), problems);
    return new RouterFile(config, admin);
  }
}
