package dev.ratchet.proto.message;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * What changed between two versions of the route table. Namespaces and owners are always complete.
 *
 * @param from version this applies to; 0 for a complete table
 * @param version version after it
 * @param namespaces all namespaces
 * @param owners all living allocation nodes
 * @param runs sections that changed
 */
public record RouteDelta(
    long from,
    long version,
    List<Namespace> namespaces,
    List<OwnerInfo> owners,
    List<SectionRun> runs) {
  public static final MessageSchema<RouteDelta> SCHEMA =
      MessageSchema.of(RouteDelta.class)
          .uint64(1, "from", RouteDelta::from)
          .uint64(2, "version", RouteDelta::version)
          .list(3, "namespaces", Namespace.SCHEMA, RouteDelta::namespaces)
          .list(4, "owners", OwnerInfo.SCHEMA, RouteDelta::owners)
          .list(5, "runs", SectionRun.SCHEMA, RouteDelta::runs)
          .build(
              v ->
                  new RouteDelta(v.int64(1), v.int64(2), checked(v.list(3)), v.list(4), v.list(5)));

  /** A receiver makes room for each section, so their number must be believable. */
  private static List<Namespace> checked(List<Namespace> namespaces) {
    long sections = 0;
    for (Namespace namespace : namespaces) {
      namespace.validate();
      sections += namespace.sectionCount();
    }
    if (sections > Limits.MAX_SECTIONS) {
      throw new IllegalArgumentException(
          sections + " sections in all; the limit is " + Limits.MAX_SECTIONS);
    }
    return namespaces;
  }
}
