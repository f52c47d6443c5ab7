package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PinRulesTest {
  private final Replica replica = Replica.withNamespace();

  @BeforeEach
  void registerNodes() {
    replica.register("a", 10);
    replica.register("b", 20);
  }

  private List<Pin> pins() {
    return replica.state.reader().pins();
  }

  private Result.Refused refused(Command command) {
    return replica.apply(Result.Refused.class, command);
  }

  @Test
  void aPinNamesTheLivingLeaseAndChangesNoRoute() {
    long version = replica.version();
    Result.Pinned pinned = replica.apply(Result.Pinned.class, new Command.Pin(1, 3, "b"));
    assertEquals(new Pin(1, 3, 2), pinned.pin());
    assertEquals(List.of(new Pin(1, 3, 2)), pins());
    assertEquals(version, replica.version());
  }

  @Test
  void aSectionHasOnePin() {
    replica.apply(Result.Pinned.class, new Command.Pin(1, 3, "b"));
    replica.apply(Result.Pinned.class, new Command.Pin(1, 0, "b"));
    replica.apply(Result.Pinned.class, new Command.Pin(1, 3, "a"));
    assertEquals(List.of(new Pin(1, 0, 2), new Pin(1, 3, 1)), pins());
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertEquals(ErrorCode.UNKNOWN_NAMESPACE, refused(new Command.Pin(7, 0, "a")).code());
    Result.Refused section = refused(new Command.Pin(1, 4, "a"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, section.code());
    assertTrue(section.message().contains("its sections are 0 to 3"), section.message());
    Result.Refused node = refused(new Command.Pin(1, 0, "c"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, node.code());
    assertTrue(node.message().contains("those that live: a, b"), node.message());
    assertEquals(List.of(), pins());
  }

  @Test
  void aNodeThatTakesNothingOnGetsNone() {
    replica.apply(Result.Drained.class, new Command.Drain("a", false));
    Result.Refused drained = refused(new Command.Pin(1, 0, "a"));
    assertTrue(drained.message().contains("--undo"), drained.message());
    replica.apply(Result.Renewed.class, new Command.Renew(2, true));
    Result.Refused leaving = refused(new Command.Pin(1, 0, "b"));
    assertTrue(leaving.message().contains("shutting down"), leaving.message());
  }

  @Test
  void pinsEndWithTheLeaseWithADrainAndWithTheNodesLeaving() {
    List<Command> endings =
        List.of(
            new Command.Expire(1, 0),
            new Command.Drain("a", false),
            new Command.Renew(1, true),
            new Command.Release(1, List.of(), true));
    for (Command ending : endings) {
      Replica one = new Replica(replica.table.copy());
      one.apply(Result.Pinned.class, new Command.Pin(1, 0, "a"));
      one.apply(Result.Pinned.class, new Command.Pin(1, 1, "b"));
      one.apply(ending);
      assertEquals(List.of(new Pin(1, 1, 2)), one.state.reader().pins(), ending.toString());
    }
  }

  @Test
  void allGoAtOnceAndAreCounted() {
    replica.apply(Result.Pinned.class, new Command.Pin(1, 0, "a"));
    replica.apply(Result.Pinned.class, new Command.Pin(1, 1, "b"));
    assertEquals(2, replica.apply(Result.Unpinned.class, new Command.Unpin()).count());
    assertEquals(List.of(), pins());
    assertEquals(0, replica.apply(Result.Unpinned.class, new Command.Unpin()).count());
  }

  @Test
  void theirNumberIsBounded() {
    replica.apply(new Command.CreateNamespace(Namespace.string("many", Command.MAX_PINS + 1, 1)));
    for (int section = 0; section < Command.MAX_PINS; section++) {
      replica.apply(Result.Pinned.class, new Command.Pin(2, section, "a"));
    }
    Result.Refused full = refused(new Command.Pin(2, Command.MAX_PINS, "a"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, full.code());
    assertTrue(full.message().contains("admin balance"), full.message());
    replica.apply(Result.Pinned.class, new Command.Pin(2, 5, "b"));
  }
}
