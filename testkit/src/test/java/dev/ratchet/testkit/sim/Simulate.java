package dev.ratchet.testkit.sim;

/** Runs seeds by hand: a longer hunt, or one seed again with its trace. */
public final class Simulate {
  private Simulate() {}

  /**
   * {@code --seed N} for one seed with the last things that happened in it ({@code --quiet}:
   * without), else seeds from {@code --from N} on, for {@code --minutes N} or {@code --seeds N};
   * {@code --kind small|graceful|wild|big} and {@code --mutation NAME} choose the cluster.
   */
  public static void main(String[] args) {
    long from = number(args, "--seed", number(args, "--from", System.nanoTime()));
    boolean one = number(args, "--seed", Long.MIN_VALUE) != Long.MIN_VALUE;
    Mutation mutation = Mutation.NONE;
    String kind = "small";
    boolean quiet = false;
    for (int i = 0; i < args.length; i++) {
      quiet |= args[i].equals("--quiet");
      if (args[i].equals("--kind")) {
        kind = args[i + 1];
      }
      if (args[i].equals("--mutation")) {
        mutation = Mutation.valueOf(args[i + 1]);
      }
    }
    long end = System.nanoTime() + number(args, "--minutes", 1) * 60_000_000_000L;
    long virtual = 0;
    long events = 0;
    long began = System.nanoTime();
    int failures = 0;
    long seed = from;
    long most = number(args, "--seeds", Long.MAX_VALUE);
    do {
      Simulation.Outcome outcome = run(kind, seed, mutation, one && !quiet);
      virtual += outcome.nanos();
      events += outcome.events();
      if (one) {
        outcome.trace().forEach(System.out::println);
        System.out.println(hash(outcome));
      }
      if (one || outcome.violation() != null) {
        System.out.println(outcome);
      }
      if (outcome.violation() != null) {
        failures++;
        if (one) {
          outcome.violation().printStackTrace(System.out);
        } else {
          System.out.println("  " + outcome.violation());
        }
      }
      seed++;
    } while (!one && System.nanoTime() < end && seed - from < most);
    System.out.printf(
        "%d seeds from %d, %d failed, %.2f h of cluster time, %d events in %.1f s%n",
        seed - from, from, failures, virtual / 3.6e12, events, (System.nanoTime() - began) / 1e9);
  }

  /** All events of a run in one line. */
  static String hash(Simulation.Outcome outcome) {
    return "hash " + Long.toHexString(outcome.hash());
  }

  static Simulation.Outcome run(String kind, long seed, Mutation mutation, boolean tracing) {
    return new Simulation(seed, settings(kind, seed, mutation), mutation, tracing).run();
  }

  /** The cluster of a kind and a seed. */
  static Settings settings(String kind, long seed, Mutation mutation) {
    return switch (kind) {
      case "small" -> Settings.small(seed, mutation);
      case "graceful" -> Settings.graceful(seed);
      case "wild" -> Settings.small(seed).withSlowClock(0.1 + 0.4 * (seed & 1));
      case "big" -> Settings.big();
      default -> throw new IllegalArgumentException("there is no kind of cluster '" + kind + "'");
    };
  }

  private static long number(String[] args, String name, long otherwise) {
    for (int i = 0; i + 1 < args.length; i++) {
      if (args[i].equals(name)) {
        return Long.parseLong(args[i + 1]);
      }
    }
    return otherwise;
  }
}
