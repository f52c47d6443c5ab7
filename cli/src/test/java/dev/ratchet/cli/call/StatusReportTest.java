package dev.ratchet.cli.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.message.AllocStatus;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.StatusReply;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusReportTest {
  private static final StatusReply STATUS =
      new StatusReply(
          "c\"1",
          77,
          List.of(
              new MemberStatus("store-1", "zone-1", "h:1", "leader", 3, 120, 0),
              new MemberStatus("store-2", "zone-2", "h:2", "unreachable", 0, 0, 120)),
          List.of(new AllocStatus("alloc-1", "zone-1", "h:3", 5, 1_900, 256, true)),
          256,
          0,
          3);

  @Test
  void tablesForPeople() {
    assertEquals(
        """
        cluster c"1, route version 77, sections 256, unowned 0, moving 3

        STORE    ZONE    ROLE         TERM  APPLIED  LAG  ADDRESS
        store-1  zone-1  leader       3     120      0    h:1
        store-2  zone-2  unreachable  0     0        120  h:2

        ALLOC    ZONE    STATE    LEASE LEFT  SECTIONS  INCARNATION  ADDRESS
        alloc-1  zone-1  drained  1900 ms     256       5            h:3""",
        String.join("\n", StatusReport.text(STATUS)));
  }

  @Test
  void jsonForPrograms() {
    assertEquals(
        "{\"cluster\":\"c\\\"1\",\"route_version\":77,\"sections\":256,\"unowned\":0,\"moving\":3,"
            + "\"members\":["
            + "{\"node\":\"store-1\",\"zone\":\"zone-1\",\"address\":\"h:1\",\"role\":\"leader\","
            + "\"term\":3,\"applied\":120,\"lag\":0},"
            + "{\"node\":\"store-2\",\"zone\":\"zone-2\",\"address\":\"h:2\","
            + "\"role\":\"unreachable\",\"term\":0,\"applied\":0,\"lag\":120}],\"allocs\":["
            + "{\"node\":\"alloc-1\",\"zone\":\"zone-1\",\"address\":\"h:3\",\"incarnation\":5,"
            + "\"lease_left_millis\":1900,\"sections\":256,\"drained\":true}]}",
        StatusReport.json(STATUS));
  }

  @Test
  void controlCharactersAreEscaped() {
    assertEquals("\"a\\u000ab\\\\\"", StatusReport.quote("a\nb\\"));
  }
}
