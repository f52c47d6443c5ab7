package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.EntryCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantBatchesTest {
  private final GrantBatches batches = new GrantBatches();

  @Test
  void neighboursForOneReceiverAreOneRun() {
    batches.add(1, 0, 7);
    batches.add(1, 1, 7);
    batches.add(1, 2, 8);
    batches.add(1, 4, 8);
    batches.add(2, 5, 8);
    assertEquals(
        List.of(
            new Command.Grant(
                List.of(
                    new Command.Run(1, 0, 2, 7),
                    new Command.Run(1, 2, 1, 8),
                    new Command.Run(1, 4, 1, 8),
                    new Command.Run(2, 5, 1, 8)))),
        batches.build());
  }

  @Test
  void nothingMakesNoCommand() {
    assertEquals(List.of(), batches.build());
  }

  @Test
  void runsEndAtTheBorderOfACommand() {
    for (int section = 0; section <= Command.MAX_GRANTED_SECTIONS; section++) {
      batches.add(1, section, 7);
    }
    List<Command.Grant> commands = batches.build();
    assertEquals(2, commands.size());
    assertEquals(
        List.of(new Command.Run(1, Command.MAX_GRANTED_SECTIONS, 1, 7)), commands.get(1).runs());
  }

  @Test
  void worstScatteredSectionsStayWithinTheBoundOfACommand() {
    for (int i = 0; i < Command.MAX_GRANTED_SECTIONS; i++) {
      batches.add(
          Integer.MAX_VALUE, Limits.MAX_SECTIONS - 1 - 2 * i, RouteTable.MAX_INCARNATION - i % 2);
    }
    List<Command.Grant> commands = batches.build();
    assertEquals(1, commands.size());
    assertTrue(EntryCodec.encode(commands.get(0)).length < Limits.MAX_COMMAND_BYTES);
  }

  @Test
  void commandsOfOnePlanAreBounded() {
    for (int i = 0; i < GrantBatches.MAX_COMMANDS * Command.MAX_GRANTED_SECTIONS; i++) {
      assertFalse(batches.isFull());
      batches.add(1, i, 7);
    }
    assertTrue(batches.isFull());
    assertThrows(IllegalStateException.class, () -> batches.add(1, 0, 8));
    assertEquals(GrantBatches.MAX_COMMANDS, batches.build().size());
  }
}
