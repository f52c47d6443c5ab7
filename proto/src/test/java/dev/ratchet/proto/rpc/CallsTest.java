package dev.ratchet.proto.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.message.AdminRequest;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Numbers of calls are part of the wire format. */
class CallsTest {
  private static final String TABLE =
      """
      1 hello Hello HelloReply
      2 issue IssueRequest IssueReply
      3 call CallRequest CallReply
      4 routes RoutesRequest RouteDelta
      5 namespace_create Namespace NamespaceReply
      6 namespace_list Empty NamespaceReply
      7 status Empty StatusReply
      16 drain DrainRequest DrainReply
      17 move MoveRequest MoveReply
      18 balance BalanceRequest BalanceReply
      19 member_add MemberAddRequest MembersReply
      20 member_remove MemberRemoveRequest MembersReply
      21 member_list MemberListRequest MemberListReply
      22 transfer TransferRequest MembersReply
      23 backup BackupRequest BackupReply
      24 restore RestoreRequest RestoreReply
      25 resume ResumeRequest ResumeReply
      32 register RegisterRequest RegisterReply
      33 renew RenewRequest RenewReply
      34 grants GrantsRequest GrantsReply
      35 handover HandoverRequest HandoverReply
      36 raise RaiseRequest RaiseReply
      37 release ReleaseRequest ReleaseReply
      38 member_status Empty MemberStatus
      40 disk DiskRequest DiskReply
      41 confirm ConfirmRequest ConfirmReply
      42 witness WitnessRequest WitnessReply
      """;

  @Test
  void theTableIsAsPublished() {
    String table =
        all().stream()
            .map(
                c ->
                    "%d %s %s %s\n"
                        .formatted(c.number(), c.name(), c.request().name(), c.reply().name()))
            .collect(Collectors.joining());
    assertEquals(TABLE, table);
  }

  @Test
  void noNumberIsUsedTwiceAndAllFitAByte() {
    assertEquals(all().size(), all().stream().map(Call::number).distinct().count());
    assertTrue(all().stream().allMatch(call -> call.number() > 0 && call.number() < 256));
  }

  @Test
  void operatorsCallsAreThoseOfTheirNumbersAndCarryATokenFirst() {
    assertEquals(
        all().stream().filter(call -> call.number() >= 16 && call.number() < 32).toList(),
        Calls.ADMIN);
    for (Call<? extends AdminRequest, ?> call : Calls.ADMIN) {
      assertEquals("string token = 1", call.request().declarations().get(0), call.name());
    }
  }

  @Test
  void noOperatorsMessageShowsItsToken() {
    for (Call<? extends AdminRequest, ?> call : Calls.ADMIN) {
      byte[] onlyToken = "\n\u0010a-secret-of-mine".getBytes(UTF_8); // field 1, 16 bytes
      AdminRequest request = call.request().decode(onlyToken);
      assertEquals("a-secret-of-mine", request.token(), call.name());
      assertFalse(request.toString().contains("a-secret"), call.name());
      assertTrue(request.toString().contains(AdminRequest.HIDDEN), call.name());
    }
  }

  /** All calls, in the order of the source. */
  static List<Call<?, ?>> all() {
    return Arrays.stream(Calls.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Call.class)
        .<Call<?, ?>>map(
            field -> {
              try {
                return (Call<?, ?>) field.get(null);
              } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
              }
            })
        .toList();
  }
}
