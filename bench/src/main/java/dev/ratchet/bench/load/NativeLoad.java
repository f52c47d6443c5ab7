package dev.ratchet.bench.load;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.client.SequenceCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** Calls of the native client, for users chosen at random. */
public final class NativeLoad {
  /** Batches that are made once, so that making them is not measured. */
  private static final int BATCHES = 1_024;

  private NativeLoad() {}

  /** A call for the next number of one of the users {@code 0 … users - 1}. */
  public static LoadTarget singles(RatchetClient client, String namespace, int users) {
    return manyEach(client, namespace, users, 1);
  }

  /** A call for so many numbers of one of the users {@code 0 … users - 1}. */
  public static LoadTarget manyEach(
      RatchetClient client, String namespace, int users, int numbers) {
    return reply -> {
      String uid = Integer.toString(ThreadLocalRandom.current().nextInt(users));
      client.submit(new Taking(namespace, uid.getBytes(StandardCharsets.US_ASCII), numbers, reply));
    };
  }

  /** A call for the next numbers of so many users at once. */
  public static LoadTarget batches(RatchetClient client, String namespace, int users, int size) {
    SplittableRandom random = new SplittableRandom(1);
    List<List<String>> batches = new ArrayList<>(BATCHES);
    for (int i = 0; i < BATCHES; i++) {
      batches.add(random.ints(size, 0, users).mapToObj(Integer::toString).toList());
    }
    return reply ->
        client
            .nextAll(namespace, batches.get(ThreadLocalRandom.current().nextInt(BATCHES)))
            .whenComplete((numbers, failure) -> reply.done(failure));
  }

  private static final class Taking extends SequenceCall {
    private final LoadTarget.Reply reply;

    Taking(String namespace, byte[] key, int count, LoadTarget.Reply reply) {
      super(namespace, key, count);
      this.reply = reply;
    }

    @Override
    protected void done() {
      reply.done(error());
    }
  }
}
