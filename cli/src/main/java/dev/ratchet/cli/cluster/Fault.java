package dev.ratchet.cli.cluster;

import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.StatusReply;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What `cluster failover` does to a cluster, once a trial. */
enum Fault {
  kill_alloc("kill -9 of an allocation node"),
  pause_alloc("an allocation node frozen past its lease (SIGSTOP), resumed after 4 s") {
    @Override
    void hurt(LocalNode victim) throws IOException, InterruptedException {
      victim.pause();
      TimeUnit.SECONDS.sleep(4);
      victim.resume();
    }
  },
  restart_alloc("a graceful stop of an allocation node (SIGTERM)") {
    @Override
    void hurt(LocalNode victim) throws IOException, InterruptedException {
      victim.terminate();
      victim.awaitEnd(LocalCluster.STOP_BOUND);
    }
  },
  drain_alloc("an operator drains an allocation node, and lets it come back") {
    @Override
    void hurt(List<LocalNode> victims, Operator operator) throws InterruptedException {
      for (LocalNode victim : victims) {
        operator.drain(victim.node().name());
      }
    }

    @Override
    void heal(List<LocalNode> victims, Operator operator) throws InterruptedException {
      for (LocalNode victim : victims) {
        operator.undoDrain(victim.node().name());
      }
    }
  },
  kill_leader("kill -9 of the store's leader") {
    @Override
    List<LocalNode> victims(LocalCluster cluster, StatusReply status, int trial) {
      String leader =
          status.members().stream()
              .filter(member -> member.role().equals("leader"))
              .map(MemberStatus::node)
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("the store has no leader just now"));
      return List.of(cluster.node(leader));
    }
  },
  kill_zone("kill -9 of a whole zone: its store node, allocation nodes and routers") {
    @Override
    List<LocalNode> victims(LocalCluster cluster, StatusReply status, int trial) {
      String zone = turn(cluster.nodes(Role.STORE), trial).node().zone();
      return cluster.nodes().stream().filter(node -> node.node().zone().equals(zone)).toList();
    }
  },
  pause_stores("all store nodes frozen for 1 s, less than a lease") {
    @Override
    List<LocalNode> victims(LocalCluster cluster, StatusReply status, int trial) {
      return cluster.nodes(Role.STORE);
    }

    @Override
    void hurt(List<LocalNode> victims, Operator operator) throws IOException, InterruptedException {
      for (LocalNode victim : victims) {
        victim.pause();
      }
      TimeUnit.SECONDS.sleep(1);
      for (LocalNode victim : victims) {
        victim.resume();
      }
    }
  };

  private final String description;

  Fault(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** Whom it hits in a trial: one allocation node after the other, unless it says otherwise. */
  List<LocalNode> victims(LocalCluster cluster, StatusReply status, int trial) {
    return List.of(turn(cluster.nodes(Role.ALLOC), trial));
  }

  /** Whether no number may be skipped: sections are handed over, and nothing dies with them. */
  boolean isGraceful() {
    return this == restart_alloc || this == drain_alloc;
  }

  /** Hits them. */
  void hurt(List<LocalNode> victims, Operator operator) throws IOException, InterruptedException {
    for (LocalNode victim : victims) {
      hurt(victim);
    }
  }

  void hurt(LocalNode victim) throws IOException, InterruptedException {
    victim.kill();
  }

  /** Takes back what is not undone by starting them. */
  void heal(List<LocalNode> victims, Operator operator) throws InterruptedException {}

  private static LocalNode turn(List<LocalNode> nodes, int trial) {
    return nodes.get(trial % nodes.size());
  }
}
