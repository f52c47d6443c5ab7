package dev.ratchet.testkit.sim;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds a run to the contract, at every entry applied, every number taken and every call answered.
 * It keeps its own books and throws a {@link Violation} as soon as they don't add up.
 */
final class Checker {
  private final World world;
  private final Map<Long, SectionBook> sections = new HashMap<>();
  private final Map<Long, Map<Long, KeyBook>> keys = new HashMap<>();
  private final Map<Integer, SimAlloc> holders = new HashMap<>();
  private final Map<Integer, Namespace> namespaces = new HashMap<>();
  private final List<Long> digests = new ArrayList<>();

  /** False where clocks are worse than the contract asks for: then only G1 and G2 hold. */
  private final boolean clocksAreLegal;

  private long numbers;
  private long calls;
  private long currents;
  private long takeovers;
  private long handovers;

  Checker(World world, boolean clocksAreLegal) {
    this.world = world;
    this.clocksAreLegal = clocksAreLegal;
  }

  long numbers() {
    return numbers;
  }

  /** Some keys of which numbers were skipped, for a message. */
  List<String> keysWithGaps() {
    return keys.values().stream()
        .flatMap(books -> books.values().stream())
        .filter(book -> book.skipped() > 0)
        .limit(5)
        .map(KeyBook::gaps)
        .toList();
  }

  /** Calls answered at clients. */
  long calls() {
    return calls;
  }

  long currents() {
    return currents;
  }

  /** Sections granted after their owner's lease was over. */
  long takeovers() {
    return takeovers;
  }

  /** Sections granted after a release. */
  long handovers() {
    return handovers;
  }

  /** Numbers that nobody was ever told, by rights. */
  long skipped() {
    return keys.values().stream()
        .flatMap(books -> books.values().stream())
        .mapToLong(KeyBook::skipped)
        .sum();
  }

  boolean clocksAreLegal() {
    return clocksAreLegal;
  }

  private SectionBook section(int namespaceId, int section) {
    return sections.computeIfAbsent(
        ((long) namespaceId << 32) + section,
        key ->
            new SectionBook(
                Objects.requireNonNull(namespaces.get(namespaceId)), section, clocksAreLegal));
  }

  private KeyBook key(SectionBook section, long key) {
    return keys.computeIfAbsent(
            ((long) section.namespaceId() << 32) + section.section(), id -> new HashMap<>())
        .computeIfAbsent(key, id -> new KeyBook(section, key));
  }

  // What the store does.

  /** A replica applied an entry; what it wrote is not yet committed to its readers elsewhere. */
  void applied(int index, SimStore store, MemoryTable table, StateReader reader, Result result) {
    List<Long> written = table.takeWritten();
    if (index <= digests.size()) {
      if (digests.get(index - 1) != table.digest()) {
        throw new Violation(
            Violation.Rule.SAME_REPLICAS, store + " differs from the others at entry " + index);
      }
      return;
    }
    digests.add(table.digest());
    world.scheduler().observe(table.digest());
    world.scheduler().note(() -> store + " is first to apply entry " + index + ": " + result);
    if (result instanceof Result.NamespaceCreated created) {
      namespaces.put(created.namespace().id(), created.namespace());
    } else if (result instanceof Result.Registered registered) {
      int port = registered.lease().port();
      holders.put(registered.lease().incarnation(), world.allocs().get(port - 1));
    } else if (result instanceof Result.Expired expired) {
      expired(expired.incarnation());
    } else if (result instanceof Result.Witnessed witnessed && !witnessed.halted().isEmpty()) {
      throw new Violation(Violation.Rule.NEVER_DOWN, "the store finds itself behind: " + witnessed);
    }
    for (long id : written) {
      int namespaceId = (int) (id >> 32);
      int section = (int) id;
      SectionRecord record = Objects.requireNonNull(reader.section(namespaceId, section));
      changed(section(namespaceId, section), record);
    }
    if (result.routes() != null) {
      for (SectionRun run : result.routes().runs()) {
        world.scheduler().observe(run.epoch());
      }
    }
  }

  private void expired(int incarnation) {
    SimAlloc holder = holders.get(incarnation);
    Tenure tenure = holder == null ? null : holder.tenure();
    if (clocksAreLegal
        && holder != null
        && tenure != null
        && tenure.incarnation() == incarnation
        && tenure.lease().isValid(world.sabotage().clock(holder.process()).nanos())) {
      throw new Violation(
          Violation.Rule.ONE_OWNER,
          "the lease of incarnation " + incarnation + " is expired, and valid at " + holder);
    }
  }

  private void changed(SectionBook book, SectionRecord record) {
    SectionRecord old = book.record();
    boolean granted = record.epoch() > old.epoch();
    boolean released = record.owner() == 0 && old.owner() != 0;
    if ((granted || released) && old.owner() != 0 && book.hasOneOwner()) {
      nobodyServes(book, old);
    }
    if (granted) {
      if (old.owner() == 0 && old.epoch() > 0) {
        handovers++;
      } else if (old.epoch() > 0) {
        takeovers++;
        if (world.settings().isGraceful()) {
          throw new Violation(
              Violation.Rule.GAPS, book + " is taken over, though nothing died: " + old);
        }
      }
    }
    book.change(record);
  }

  /** Who had the section until now must not be able to serve it any more. */
  private void nobodyServes(SectionBook book, SectionRecord old) {
    SimAlloc holder = holders.get(old.owner());
    Tenure tenure = holder == null ? null : holder.tenure();
    if (holder == null || tenure == null || tenure.incarnation() != old.owner()) {
      return;
    }
    if (holder.served(book.namespaceId(), book.section()) != null) {
      throw new Violation(
          Violation.Rule.ONE_OWNER, book + " changes hands while " + holder + " serves it");
    }
  }

  // What allocation nodes do.

  /** A call has come to an allocation node. */
  Asked asked(SimProcess node, IssueRequest request) {
    return new Asked(node, request);
  }

  /** A call at an allocation node: what it may have taken, until its answer is known. */
  final class Asked {
    private final SimProcess node;
    private final IssueRequest request;
    private final KeyBook[] books;
    private final int[] generations;

    /** The last numbers taken when it came. */
    private final long[] lasts;

    Asked(SimProcess node, IssueRequest request) {
      this.node = node;
      this.request = request;
      List<IssueItem> items = request.items();
      books = new KeyBook[items.size()];
      generations = new int[items.size()];
      lasts = new long[items.size()];
      for (int i = 0; i < books.length; i++) {
        IssueItem item = items.get(i);
        Namespace namespace = Objects.requireNonNull(namespaces.get(item.namespaceId()));
        books[i] = key(section(item.namespaceId(), namespace.sectionOf(item.key())), item.key());
        generations[i] = books[i].mayTake(item.count());
        lasts[i] = books[i].lastTaken();
      }
    }

    /** Nothing was taken. */
    void refused() {
      for (int i = 0; i < books.length; i++) {
        books[i].tookNot(request.items().get(i).count(), generations[i]);
      }
    }

    /** It failed as a whole, perhaps with numbers taken that nobody is told. */
    void failed() {
      world.scheduler().note(() -> node + " gives up on " + request);
    }

    void replied(IssueReply reply) {
      settle(reply);
      for (int i = 0; i < books.length; i++) {
        IssueResult result = reply.results().get(i);
        int count = request.items().get(i).count();
        if (result.error() == 0 && count > 0) {
          numbers += count;
          books[i].took(result.value(), count, result.epoch());
        }
        if (result.error() == 0 && books.length == 1) {
          // An answer of a batch may wait for the others of it, while its section goes to the next.
          books[i].serves(result.epoch());
        }
        note(request.items().get(i), result);
      }
      // What is told may be what the same batch took.
      for (int i = 0; i < books.length; i++) {
        IssueResult result = reply.results().get(i);
        if (result.error() == 0 && request.items().get(i).count() == 0) {
          books[i].told(result, lasts[i]);
        }
      }
    }

    /** What was refused was not taken; of a strict section it may be, before it was refused. */
    private void settle(IssueReply reply) {
      for (int i = 0; i < books.length; i++) {
        if (reply.results().get(i).error() == 0 || !books[i].isStrict()) {
          books[i].tookNot(request.items().get(i).count(), generations[i]);
        }
      }
    }

    private void note(IssueItem item, IssueResult result) {
      world.scheduler().observe(result.value());
      world.scheduler().note(() -> node + " answers " + item + ": " + result);
    }
  }

  // What callers see.

  /** A call ended at a client with an answer. */
  void answered(SimClient client, SimClient.SimCall call, IssueResult result) {
    calls++;
    SectionBook section = section(call.namespaceId(), call.section());
    KeyBook book = key(section, call.key());
    long now = world.scheduler().now();
    if (call.count() == 0) {
      currents++;
      book.seenCurrent(result.value(), call.startedAt(), now);
      book.currentSeenBy(client.index(), result.value(), result.epoch(), call.startedAt(), now);
      return;
    }
    long last = result.value() + call.count() - 1;
    book.seen(result.value(), last, call.startedAt(), now);
    book.seenBy(client.index(), result.value(), last, result.epoch(), call.startedAt(), now);
  }

  @Nullable Namespace namespace(int id) {
    return namespaces.get(id);
  }
}
