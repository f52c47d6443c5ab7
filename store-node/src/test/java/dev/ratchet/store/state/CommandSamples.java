package dev.ratchet.store.state;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.NamespaceKind;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.HostPort;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Commands of every kind over their whole bounds, made from a seed. */
final class CommandSamples {
  private final Random random;

  CommandSamples(long seed) {
    random = new Random(seed);
  }

  Command next() {
    return switch (random.nextInt(18)) {
      case 0 ->
          new Command.Register(
              text(1), text(1), text(1), 1 + random.nextInt(65_535), random.nextLong(), millis());
      case 1 -> new Command.Renew(incarnation(), random.nextBoolean());
      case 2 -> new Command.Grant(some(1, this::run));
      case 3 -> new Command.Raise(incarnation(), some(0, this::raise));
      case 4 -> new Command.Release(incarnation(), some(0, this::release), random.nextBoolean());
      case 5 -> new Command.Expire(incarnation(), number(Long.MAX_VALUE));
      case 6 -> new Command.Suspect(incarnation(), number(Long.MAX_VALUE));
      case 7 ->
          new Command.Confirm(
              incarnation(), some(1, () -> new SectionEpoch(id(), section(), epoch())));
      case 8 ->
          new Command.Witness(
              some(
                  1,
                  () ->
                      new WitnessItem(
                          id(), section(), Math.max(1, epoch()), number(Limits.MAX_NUMBER))));
      case 9 ->
          new Command.Resume(id(), section(), 1 + random.nextInt(64), number(Limits.MAX_NUMBER));
      case 10 -> new Command.Drain(text(1), random.nextBoolean());
      case 11 -> new Command.Pin(id(), section(), text(1));
      case 12 -> new Command.Unpin();
      case 13 -> new Command.SetMembers(number(Long.MAX_VALUE - 1), members());
      case 14 -> beginRestore();
      case 15 ->
          new RestoreStep.Sections(
              1 + random.nextLong(Long.MAX_VALUE), id(), section(), some(1, this::saved));
      case 16 -> new RestoreStep.End(-1 - random.nextLong(Long.MAX_VALUE));
      default -> new Command.CreateNamespace(namespace(0));
    };
  }

  private List<StoreMember> members() {
    return IntStream.rangeClosed(1, 1 + random.nextInt(Command.MAX_MEMBERS))
        .mapToObj(
            i ->
                new StoreMember(
                    text(1) + i,
                    text(1),
                    new HostPort(text(1), i),
                    new HostPort(text(1), 65_535 - i),
                    String.format("%032x", random.nextLong())))
        .toList();
  }

  private Command beginRestore() {
    return new RestoreStep.Begin(
        1 + random.nextLong(Long.MAX_VALUE),
        1 + number(RestoreStep.MAX_JUMP - 1),
        number(RestoreStep.MAX_ROUTE_VERSION),
        (int) number(RouteTable.MAX_INCARNATION),
        (int) number(Integer.MAX_VALUE),
        epoch(),
        number(Limits.MAX_NUMBER),
        some(0, () -> namespace(id())));
  }

  private RestoreStep.SavedSection saved() {
    return new RestoreStep.SavedSection(epoch(), number(Limits.MAX_NUMBER));
  }

  private Command.Run run() {
    return new Command.Run(id(), section(), 1 + random.nextInt(64), incarnation());
  }

  private RaiseItem raise() {
    return new RaiseItem(id(), section(), epoch(), number(Long.MAX_VALUE), number(Long.MAX_VALUE));
  }

  private ReleaseItem release() {
    byte[] positions = new byte[random.nextInt(200)];
    random.nextBytes(positions);
    return new ReleaseItem(
        id(),
        section(),
        epoch(),
        number(Limits.MAX_NUMBER),
        random.nextInt(Command.MAX_CHUNKS + 1),
        positions,
        random.nextBoolean(),
        number(Limits.MAX_NUMBER));
  }

  private Namespace namespace(int id) {
    NamespaceKind kind = random.nextBoolean() ? NamespaceKind.UID : NamespaceKind.STRING;
    int sections = (int) number(Integer.MAX_VALUE);
    long any = Long.MAX_VALUE;
    return new Namespace(
        id, text(0), kind, number(any), sections, number(any), number(any), random.nextBoolean());
  }

  private <T> List<T> some(int least, Supplier<T> item) {
    return Stream.generate(item).limit(least + random.nextInt(20)).toList();
  }

  private String text(int least) {
    int length = least + random.nextInt(10);
    return random
        .ints(length, 0, 3)
        .mapToObj(kind -> List.of("a", "ä", "\uD83D\uDE00").get(kind))
        .reduce("", String::concat);
  }

  private int millis() {
    return 1 + random.nextInt(Command.MAX_HOLDER_MILLIS);
  }

  private int incarnation() {
    return 1 + (int) number(RouteTable.MAX_INCARNATION - 1);
  }

  private int id() {
    return 1 + (int) number(Integer.MAX_VALUE - 1);
  }

  private int section() {
    return (int) number(Limits.MAX_SECTIONS - 1);
  }

  private long epoch() {
    return number(RouteTable.MAX_EPOCH);
  }

  /** Of any size in bits, and the bounds themselves now and then. */
  private long number(long max) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> max;
      default -> Math.min(max, random.nextLong() >>> (1 + random.nextInt(63)));
    };
  }
}
