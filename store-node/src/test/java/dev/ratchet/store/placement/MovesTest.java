package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.store.state.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes a and b, in this order; a owns all four sections. */
class MovesTest {
  private final FakeStore store = new FakeStore();
  private final Namespace tags = store.create("tags", 4);
  private final int a = store.register("a", "z1");
  private final int b = store.register("b", "z2");
  private final Intents intents = new Intents(tags);
  private final MoveBudget budget = new MoveBudget(2, 0);
  private final int[] releasing = new int[2];
  private final Wake wake = new Wake(0);

  MovesTest() {
    store.apply(new Command.Grant(List.of(new Command.Run(tags.id(), 0, 4, a))));
  }

  private void begin(int[] counts, int[] quotas) {
    Nodes nodes = Nodes.of(store.routes.owners());
    new Moves(store.routes, nodes, intents, counts, quotas, releasing).begin(budget, wake);
  }

  @Test
  void moveIsTurnedBackToItsOwnerBeforeItLeft() {
    intents.move(2, b);
    begin(new int[] {3, 1}, new int[] {4, 0});
    assertFalse(intents.isMoving(2));
    assertFalse(intents.hasMoves());
    assertEquals(2, budget.available(0), "turning back costs nothing");
  }

  @Test
  void movesBeginAsFarAsTheBudgetGoesAndTheRestWaitsForIt() {
    begin(new int[] {4, 0}, new int[] {1, 3});
    assertEquals(0, budget.available(0));
    assertEquals(2, releasing[0]);
    assertFalse(wake.isDue(budget.nanosPerMove() - 1));
    assertTrue(wake.isDue(budget.nanosPerMove()));
  }

  @Test
  void ownerThatIsAskedForAllItMayIsNotAskedForMore() {
    releasing[0] = Moves.MAX_RELEASING - 1;
    begin(new int[] {4, 0}, new int[] {2, 2});
    assertEquals(Moves.MAX_RELEASING, releasing[0]);
    assertEquals(1, budget.available(0));
  }
}
