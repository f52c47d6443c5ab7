package dev.ratchet.store.placement;

import dev.ratchet.store.state.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects grants into commands of bounded size: at most {@link Command#MAX_GRANTED_SECTIONS}
 * sections each, which take less than 64 KiB however badly they are scattered. Not thread-safe.
 */
final class GrantBatches {
  /**
   * Most commands of one plan; the next plan goes on. Commands that are proposed together become
   * visible together, so more of them make the first sections wait for the last.
   */
  static final int MAX_COMMANDS = 2;

  private final List<Command.Grant> commands = new ArrayList<>();
  private final List<Command.Run> runs = new ArrayList<>();
  private int sections;
  private int namespaceId;
  private int first;
  private int count;
  private int incarnation;

  boolean isFull() {
    return commands.size() == MAX_COMMANDS;
  }

  /** How many more sections there is room for. */
  int room() {
    return (MAX_COMMANDS - commands.size()) * Command.MAX_GRANTED_SECTIONS - sections;
  }

  void add(int namespace, int section, int receiver) {
    if (isFull()) {
      throw new IllegalStateException("a plan has at most " + MAX_COMMANDS + " grant commands");
    }
    if (namespace == namespaceId && receiver == incarnation && section == first + count) {
      count++;
    } else {
      closeRun();
      namespaceId = namespace;
      first = section;
      count = 1;
      incarnation = receiver;
    }
    sections++;
    if (sections == Command.MAX_GRANTED_SECTIONS) {
      closeCommand();
    }
  }

  List<Command.Grant> build() {
    closeCommand();
    return List.copyOf(commands);
  }

  private void closeRun() {
    if (count > 0) {
      runs.add(new Command.Run(namespaceId, first, count, incarnation));
      count = 0;
      namespaceId = 0;
    }
  }

  private void closeCommand() {
    closeRun();
    if (!runs.isEmpty()) {
      commands.add(new Command.Grant(runs));
      runs.clear();
      sections = 0;
    }
  }
}
