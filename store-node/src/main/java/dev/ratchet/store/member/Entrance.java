package dev.ratchet.store.member;

import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.message.DiskRequest;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.store.disk.DataFolder;
import dev.ratchet.store.member.StartRule.Kind;
import dev.ratchet.store.member.StartRule.Verdict;
import dev.ratchet.store.state.LogFormat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets this node take part, or keeps it out, by what the others know of its disk and of its log
 * format. The port for such questions must be open before: nodes of a new cluster wait for nothing
 * but each other's answers, which none of them holds back.
 */
public final class Entrance implements AutoCloseable {
  /** Longest wait for one round of answers of a first start. */
  private static final long ROUND_MILLIS = 1_000;

  /** Longest wait for answers of a later start, which needs none. */
  private static final long LATER_START_MILLIS = 500;

  private static final long PAUSE_MILLIS = 50;
  private static final long WATCH_MILLIS = 1_000;

  /** Nodes that start together answer within this; who waits longer, says so. */
  private static final long QUIET_MILLIS = 3_000;

  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  private final DataFolder folder;
  private final DiskCalls calls;
  private final StartRule rule;
  private final List<Peer> peers;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "store-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Peer> unheard = new HashSet<>();

  /** Of a node over its folder; {@code peers} are the others in its configuration. */
  public Entrance(
      DataFolder folder, String cluster, String node, List<Peer> peers, EventLoops loops) {
    this.folder = folder;
    this.peers = List.copyOf(peers);
    this.rule = new StartRule(cluster, node, folder.disk(), LogFormat.own());
    this.calls = new DiskCalls(loops, peers, question(folder, cluster, node));
  }

  /** What a node asks others about disks. */
  public static DiskRequest question(DataFolder folder, String cluster, String node) {
    LogFormat format = LogFormat.own();
    return new DiskRequest(
        cluster, node, folder.disk(), format.writes(), format.readsFrom(), format.readsTo());
  }

  /**
   * Returns when the node may take part; on a first start, with the others' disk ids kept.
   *
   * @param joining whether it joins a cluster that runs
   * @param waiting told what it waits for, when that takes long
   * @throws IOException that says why it may not, and what to do
   */
  public void pass(boolean joining, Consumer<String> waiting) throws IOException {
    if (!folder.isFirstStart()) {
      Verdict refused = rule.refusal(await(LATER_START_MILLIS));
      if (refused != null) {
        throw new IOException(refused.why());
      }
      return;
    }
    long began = System.nanoTime();
    String told = "";
    while (true) {
      Map<Peer, Optional<DiskReply>> answers = await(ROUND_MILLIS);
      Verdict verdict = joining ? rule.ofJoining(answers) : rule.ofNewCluster(answers);
      if (verdict.kind() == Kind.REFUSE) {
        throw new IOException(verdict.why());
      }
      if (verdict.kind() == Kind.START) {
        remember(answers);
        return;
      }
      waiting.accept(verdict.why());
      boolean takesLong =
          joining || System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
      if (takesLong && !told.equals(verdict.why())) {
        LOG.warn("{}", verdict.why());
        told = verdict.why();
      }
      pause();
    }
  }

  private void remember(Map<Peer, Optional<DiskReply>> answers) throws IOException {
    Map<String, String> disks = new TreeMap<>();
    answers.forEach(
        (peer, answer) -> answer.ifPresent(reply -> disks.put(peer.node(), reply.disk())));
    folder.remember(disks);
  }

  private Map<Peer, Optional<DiskReply>> await(long millis) throws IOException {
    try {
      return calls.ask(millis).get();
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw new IOException("asking the other store nodes failed: " + e.getCause(), e);
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the start was given up");
  }

  /**
   * Goes on asking those that have not answered yet, until each has: one that runs a version this
   * node can't work with must not be met first in the log.
   *
   * @param refused told why this node can't go on
   */
  public void watch(Consumer<String> refused) {
    synchronized (unheard) {
      unheard.addAll(peers);
    }
    watch.scheduleWithFixedDelay(() -> ask(refused), 0, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void ask(Consumer<String> refused) {
    List<Peer> left;
    synchronized (unheard) {
      left = new ArrayList<>(unheard);
    }
    if (left.isEmpty()) {
      watch.shutdown();
      return;
    }
    var unused =
        calls
            .ask(left, ROUND_MILLIS)
            .thenAccept(
                answers -> {
                  Verdict verdict = rule.refusal(answers);
                  if (verdict != null) {
                    watch.shutdown();
                    refused.accept(verdict.why());
                  }
                  synchronized (unheard) {
                    answers.forEach(
                        (peer, answer) -> answer.ifPresent(reply -> unheard.remove(peer)));
                  }
                });
  }

  @Override
  public void close() {
    watch.shutdownNow();
    calls.close();
  }
}
