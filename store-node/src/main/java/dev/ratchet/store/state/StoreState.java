package dev.ratchet.store.state;

import java.nio.charset.StandardCharsets;

/**
 * The replicated state machine over its table. Everything it knows is in the table, so a copy of
 * the table at any point plus the rest of the log gives the same table again.
 *
 * <p>Invariants, of which each replica holds every one after every entry:
 *
 * <ul>
 *   <li>a section's epoch and maxSeq never go down, and base ≤ maxSeq;
 *   <li>a section is granted only when it was never granted, was released, or its owner's lease is
 *       over; in a strict namespace also when its owner is suspect, and never while it is halted;
 *   <li>a pin names a living lease that takes sections on;
 *   <li>at most one living lease a node id; an incarnation is given out once, also after disks went
 *       back, once that was found out;
 *   <li>the route version goes up by one with every entry that changes an owner, a lease or a
 *       namespace, and with no other, but that the begin of a restore, and what halts or resumes
 *       sections, lift it by far;
 *   <li>while a restore is under way there is no lease.
 * </ul>
 *
 * <p>Not thread-safe: one thread applies. Any {@link RuntimeException} out of {@code apply} means a
 * damaged log or table, or a broken invariant; the node must halt, since going on would give
 * numbers out twice.
 */
public final class StoreState {
  /** Longest cluster id, in bytes of UTF-8. */
  public static final int MAX_CLUSTER_BYTES = 255;

  private final StateReader reader;
  private final StateWriter writer;
  private final LeaseRules leases;
  private final NamespaceRules namespaces;
  private final RaiseRule raises;
  private final BarrierRule barrier;
  private final PinRules pins;

  /**
   * Opens the state of a cluster; an empty table becomes its first state.
   *
   * @throws IllegalStateException when the table holds the state of another cluster
   */
  public StoreState(StateTable table, String cluster) {
    reader = new StateReader(table);
    writer = new StateWriter(table, reader);
    pins = new PinRules(reader, writer);
    leases = new LeaseRules(reader, writer, pins);
    namespaces = new NamespaceRules(reader, writer);
    raises = new RaiseRule(reader, writer);
    barrier = new BarrierRule(reader);
    open(cluster);
  }

  private void open(String cluster) {
    Meta meta = reader.meta();
    if (meta == null) {
      int length = cluster.getBytes(StandardCharsets.UTF_8).length;
      if (length < 1 || length > MAX_CLUSTER_BYTES) {
        throw new IllegalArgumentException(
            "a cluster id has 1 to " + MAX_CLUSTER_BYTES + " bytes: '" + cluster + "'");
      }
      writer.put(new Meta(cluster, 0, 0, 0, 0));
    } else if (!meta.cluster().equals(cluster)) {
      throw new IllegalStateException(
          "the state is of cluster '"
              + meta.cluster()
              + "', and this node belongs to '"
              + cluster
              + "': give it the right cluster id or another data directory");
    }
  }

  /** Reads the state as it is after the last entry applied. */
  public StateReader reader() {
    return reader;
  }

  /**
   * Applies an entry of the log.
   *
   * @throws UndecodableEntryException when the bytes are no entry; nothing was changed
   */
  public Result apply(byte[] entry) {
    return apply(EntryCodec.decode(entry));
  }

  /** Applies a command. */
  public Result apply(Command command) {
    if (command instanceof Command.Renew renew) {
      return leases.renew(renew);
    } else if (command instanceof Command.Raise raise) {
      return raises.apply(raise);
    } else if (command instanceof Command.Grant grant) {
      return new GrantRule(reader, writer).apply(grant);
    } else if (command instanceof Command.Release release) {
      return new ReleaseRule(reader, writer, pins).apply(release);
    } else if (command instanceof Command.Register register) {
      return leases.register(register);
    } else if (command instanceof Command.Expire expire) {
      return leases.expire(expire);
    } else if (command instanceof Command.Confirm confirm) {
      return barrier.apply(confirm);
    } else if (command instanceof Command.Suspect suspect) {
      return leases.suspect(suspect);
    } else if (command instanceof Command.Witness witness) {
      return new RollbackRules(reader, writer).witness(witness);
    } else if (command instanceof Command.Resume resume) {
      return new RollbackRules(reader, writer).resume(resume);
    } else if (command instanceof Command.CreateNamespace create) {
      return namespaces.create(create);
    } else if (command instanceof Command.SetMembers members) {
      return new MembershipRule(reader, writer).apply(members);
    } else if (command instanceof RestoreStep.Begin begin) {
      return new RestoreRule(reader, writer).begin(begin);
    } else if (command instanceof RestoreStep.Sections sections) {
      return new RestoreRule(reader, writer).sections(sections);
    } else if (command instanceof RestoreStep.End end) {
      return new RestoreRule(reader, writer).end(end);
    } else if (command instanceof Command.Drain drain) {
      return leases.drain(drain);
    } else if (command instanceof Command.Pin pin) {
      return pins.pin(pin);
    } else if (command instanceof Command.Unpin) {
      return pins.unpinAll();
    }
    throw new IllegalStateException("no rule for " + command);
  }
}
