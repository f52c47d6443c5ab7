package dev.ratchet.testkit.sim;

import java.util.List;

/** What the parts of a simulated cluster share. */
interface World {
  String CLUSTER = "simulated";

  Settings settings();

  SimScheduler scheduler();

  SimNetwork network();

  SimRaft raft();

  List<SimStore> stores();

  /** Every place for an allocation node, twins included; the port of each is its position + 1. */
  List<SimAlloc> allocs();

  Checker checker();

  Sabotage sabotage();
}
