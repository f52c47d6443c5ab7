package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.HostPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipRuleTest {
  private static final String DISK = "0".repeat(32);

  private final Replica replica = new Replica();

  private static StoreMember member(int i, String disk) {
    HostPort rpc = new HostPort("h" + i, 1);
    return new StoreMember("store-" + i, "zone-" + i, rpc, new HostPort("h" + i, 2), disk);
  }

  private MemberSet set(long expected, StoreMember... members) {
    return replica
        .apply(Result.MembersSet.class, new Command.SetMembers(expected, List.of(members)))
        .members();
  }

  private ErrorCode refused(long expected, StoreMember... members) {
    return replica.refusal(new Command.SetMembers(expected, List.of(members)));
  }

  @Test
  void membersAreReplacedByCompareAndSet() {
    assertEquals(MemberSet.NONE, replica.state.reader().members());
    assertEquals(1, set(0, member(2, DISK), member(1, DISK)).version());
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused(0, member(1, DISK)));
    MemberSet now = replica.state.reader().members();
    assertEquals(List.of(member(1, DISK), member(2, DISK)), now.members());
    assertEquals(member(2, DISK), now.member("store-2"));
    assertNull(now.member("store-3"));
  }

  @Test
  void anotherDiskUnderTheSameNameMustBeRemovedFirst() {
    String other = "1".repeat(32);
    set(0, member(1, DISK), member(2, DISK));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused(1, member(1, DISK), member(2, other)));
    set(1, member(1, DISK));
    MemberSet now = set(2, member(1, DISK), member(2, other));
    StoreMember anew = now.member("store-2");
    assertNotNull(anew);
    assertEquals(other, anew.disk());
  }

  @Test
  void noNameOrAddressIsThereTwiceAndSomebodyIsThere() {
    assertThrows(RatchetException.class, () -> new Command.SetMembers(0, List.of()));
    assertThrows(
        RatchetException.class,
        () -> new Command.SetMembers(0, List.of(member(1, DISK), member(1, DISK))));
    StoreMember sameAddress =
        new StoreMember("x", "z", new HostPort("h1", 2), new HostPort("y", 2), DISK);
    assertThrows(
        RatchetException.class,
        () -> new Command.SetMembers(0, List.of(member(1, DISK), sameAddress)));
    assertThrows(
        RatchetException.class, () -> new Command.SetMembers(0, List.of(member(1, "short"))));
  }
}
