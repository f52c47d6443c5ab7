package dev.ratchet.store.placement;

/** How many sections of each namespace each node has, and each zone of all. Not thread-safe. */
final class Tally {
  private final Nodes nodes;
  private final int[][] counts;
  private final int[] totals;
  private final int[] zoneTotals;
  private int all;

  Tally(int namespaces, Nodes nodes) {
    this.nodes = nodes;
    this.counts = new int[namespaces][nodes.count()];
    this.totals = new int[nodes.count()];
    this.zoneTotals = new int[nodes.zones()];
  }

  void add(int row, int node) {
    counts[row][node]++;
    totals[node]++;
    zoneTotals[nodes.zoneOf(node)]++;
    all++;
  }

  /** One section of {@code row} goes over, and one of {@code back} comes in return. */
  void swap(int row, int giver, int receiver, int back) {
    counts[row][giver]--;
    counts[row][receiver]++;
    counts[back][receiver]--;
    counts[back][giver]++;
  }

  int count(int row, int node) {
    return counts[row][node];
  }

  int total(int node) {
    return totals[node];
  }

  /** What a zone has above its share, which is by its number of nodes; in parts of a section. */
  long zoneExcess(int zone) {
    return (long) zoneTotals[zone] * nodes.count() - (long) all * nodes.sizeOfZone(zone);
  }

  /** The rows, by namespace and node; not to be changed. */
  int[][] counts() {
    return counts;
  }
}
