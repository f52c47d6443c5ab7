package dev.ratchet.bench.row;

import java.util.List;

/** All rows there are. */
public final class Rows {
  private static final List<Row> ALL =
      List.of(
          RedisRow.inMemory(),
          RedisRow.durable(),
          new RespFloorRow(),
          new NativeRow(),
          new RouterRow(),
          new IssuePathRow(),
          new RaisesRow(),
          new EntriesRow(),
          new MemoryRow(),
          new AllocationRow(),
          new StartsRow(),
          new CrowdRow());

  private Rows() {}

  /** In the order of their numbers. */
  public static List<Row> all() {
    return ALL;
  }
}
