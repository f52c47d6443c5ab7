package dev.ratchet.store.lead;

import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.raft.ReplicatedState;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.StateReader;
import dev.ratchet.store.state.StoreState;
import dev.ratchet.store.state.UnknownVersionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The store's state over its table, and the route table in memory that every member keeps from it.
 * Used by the apply thread; what {@link #reader} and {@link #routes} give is for any.
 *
 * <p>Invariants: the route table never runs ahead of what the reader shows; listeners run after
 * both.
 */
public final class StoreMachine implements ReplicatedState {
  private final MachineTable table;
  private final String cluster;
  private final RouteTable routes;
  private final MemberBook book;
  private final List<AppliedListener> listeners;
  private final StateReader reader;
  private final List<Result> applied = new ArrayList<>();
  private StoreState state;

  /** Over an empty table, which becomes the first state of the cluster. */
  public StoreMachine(
      MachineTable table,
      String cluster,
      RouteTable routes,
      MemberBook book,
      List<AppliedListener> listeners)
      throws IOException {
    this.table = table;
    this.cluster = cluster;
    this.routes = routes;
    this.book = book;
    this.listeners = List.copyOf(listeners);
    this.reader = new StateReader(table.committed());
    this.state = new StoreState(table, cluster);
    table.commit();
  }

  /** Reads what is committed. */
  public StateReader reader() {
    return reader;
  }

  /** The route table, as of the last commit. */
  public RouteTable routes() {
    return routes;
  }

  @Override
  public Object apply(byte[] entry) {
    Result result = state.apply(entry);
    applied.add(result);
    return result;
  }

  @Override
  public void commit(long index) throws IOException {
    table.commit();
    for (Result result : applied) {
      RouteDelta delta = result.routes();
      if (delta != null) {
        take(delta);
      }
      if (result instanceof Result.MembersSet set) {
        book.take(set.members());
      }
    }
    for (Result result : applied) {
      listeners.forEach(listener -> listener.onApplied(result));
    }
    applied.clear();
  }

  @Override
  public String adviceOn(Throwable cause) {
    return cause instanceof UnknownVersionException
        ? "Upgrade this node to the version that the other store nodes run, and start it again;"
            + " its data is whole"
        : "If this node alone halts, its disk is damaged: remove it from the cluster and add it"
            + " anew with an empty folder. If all do, run the version of Ratchet that wrote the log";
  }

  @Override
  public void saveTo(Path folder) throws IOException {
    table.saveTo(folder);
  }

  @Override
  public void loadFrom(Path folder) throws IOException {
    table.loadFrom(folder);
    state = new StoreState(table, cluster);
    table.commit();
    take(state.reader().routesSince(0));
    book.take(state.reader().members());
  }

  private void take(RouteDelta delta) {
    if (!routes.apply(delta)) {
      throw new IllegalStateException(
          "the route table is at version "
              + routes.version()
              + " and can't take a change from "
              + delta.from()
              + " to "
              + delta.version());
    }
  }
}
