package dev.ratchet.cli.node;

import dev.ratchet.admin.Health;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The health of all nodes of this process, as its admin port tells it. Thread-safe. */
public final class NodeHealth implements Health {
  private final List<RunningNode> nodes = new CopyOnWriteArrayList<>();
  private volatile boolean complete;
  private volatile String starting = "starting";

  /** Counts a node in. */
  public void add(RunningNode node) {
    nodes.add(node);
  }

  /** Says what a start waits for, as long as no node runs. */
  public void waitingFor(String what) {
    starting = "starting: " + what;
  }

  /** All nodes have been added: ready as soon as each of them is. */
  public void complete() {
    complete = true;
  }

  @Override
  public boolean isReady() {
    return complete && nodes.stream().allMatch(RunningNode::isReady);
  }

  @Override
  public String describe() {
    if (nodes.isEmpty()) {
      return starting;
    }
    return nodes.stream()
        .map(node -> node.name() + ": " + (node.isReady() ? "" : "NOT READY, ") + node.describe())
        .collect(Collectors.joining("\n", nodes.size() > 1 ? "\n" : "", ""));
  }
}
