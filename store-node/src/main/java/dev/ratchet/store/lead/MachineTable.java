package dev.ratchet.store.lead;

import dev.ratchet.store.state.StateTable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The table that {@link StoreMachine} keeps its state in. What is written is seen through the table
 * itself at once, and through {@link #committed} only after {@link #commit}, as a whole. All but
 * what {@link #committed} gives is for the apply thread.
 */
public interface MachineTable extends StateTable {
  /** What is committed, for any thread; it takes no writes. */
  StateTable committed();

  /** Makes all that was written since the last call visible. */
  void commit() throws IOException;

  /** Writes what is committed to an existing folder. */
  void saveTo(Path folder) throws IOException;

  /** Replaces everything by what {@link #saveTo} wrote. */
  void loadFrom(Path folder) throws IOException;
}
