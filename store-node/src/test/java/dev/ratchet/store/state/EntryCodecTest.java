package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
  /** Old logs must stay readable: these bytes never change while the version is 1. */
  @Test
  void layoutOfVersionOneIsPinned() {
    assertLayout(
        "0101026131017a09682e6578616d706c65d8361122334455667788c00cc6988a58",
        new Command.Register("a1", "z", "h.example", 7000, 0x1122334455667788L, 1600));
    assertLayout("0102ac0201dbc69f7d", new Command.Renew(300, true));
    assertLayout(
        "01030201000407028201010843670670",
        new Command.Grant(List.of(new Command.Run(1, 0, 4, 7), new Command.Run(2, 130, 1, 8))));
    assertLayout(
        "01040701010203904ea09c01997ad983",
        new Command.Raise(7, List.of(new RaiseItem(1, 2, 3, 10_000, 20_000))));
    assertLayout(
        "01050701010203904e01020506010901d9589fd3",
        new Command.Release(
            7, List.of(new ReleaseItem(1, 2, 3, 10_000, 1, new byte[] {5, 6}, true, 9)), true));
    assertLayout("0106078101d7dc8e0f", new Command.Expire(7, 129));
    assertLayout("0115018201026131a6803279", new Command.Pin(1, 130, "a1"));
    assertLayout("0116d43ccf22", new Command.Unpin());
    assertLayout("0114026131014afd0b35", new Command.Drain("a1", true));
    assertLayout(
        "01070005757365727301640ae70732a0e03da1",
        new Command.CreateNamespace(Namespace.uid("users", 999, 100, 50)));
    assertLayout(
        "010a0005757365727301640ae707320af40cdc",
        new Command.CreateNamespace(Namespace.uid("users", 999, 100, 50).asStrict()));
    assertLayout("010b07810187ff76a2", new Command.Suspect(7, 129));
    assertLayout(
        "010c07010102ac02b44657f3", new Command.Confirm(7, List.of(new SectionEpoch(1, 2, 300))));
    assertLayout(
        "010d01010203904eedb79543", new Command.Witness(List.of(new WitnessItem(1, 2, 3, 10_000))));
    assertLayout("010e010203e807859b3dfc", new Command.Resume(1, 2, 3, 1_000));
    assertLayout(
        "011e0301027331017a0168010172ac022030663066306630663066306630663066306630663066306630663066306630666a8468a5",
        new Command.SetMembers(
            3,
            List.of(
                new StoreMember(
                    "s1", "z", new HostPort("h", 1), new HostPort("r", 300), "0f".repeat(16)))));
    assertLayout(
        "011f0000000000000009e807070201030401010474616773020002003200e558f49d",
        new RestoreStep.Begin(
            9, 1_000, 7, 2, 1, 3, 4, List.of(Namespace.string("tags", 2, 50).withId(1))));
    assertLayout(
        "0120000000000000000901050102ac024cfc033b",
        new RestoreStep.Sections(9, 1, 5, List.of(new RestoreStep.SavedSection(2, 300))));
    assertLayout("0121fffffffffffffffe00860076", new RestoreStep.End(-2));
  }

  /** Tables of snapshots are read by newer software, too. */
  @Test
  void recordsOfVersionOneAreReadAsWhatTheyMeant() {
    byte[] section =
        HexFormat.of().parseHex("01" + "07" + "03" + "05" + "64" + "02" + "01" + "c801");
    assertEquals(new SectionRecord(7, 3, 5, 100, 2, 1, 200, false), Records.section(section));
    byte[] lease =
        HexFormat.of()
            .parseHex(
                "01"
                    + "07"
                    + "0161"
                    + "017a"
                    + "0168"
                    + "02"
                    + "0000000000000005"
                    + "03"
                    + "01"
                    + "04");
    assertEquals(new Lease(7, "a", "z", "h", 2, 5, 3, true, false, 4, false), Records.lease(lease));
    byte[] namespace =
        HexFormat.of().parseHex("01" + "05" + "0173" + "02" + "00" + "04" + "00" + "64");
    assertEquals(Namespace.string("s", 4, 100).withId(5), Records.namespace(namespace));
    assertEquals(
        Namespace.string("s", 4, 100).withId(5).asStrict(),
        Records.namespace(Records.write(Namespace.string("s", 4, 100).withId(5).asStrict())));
  }

  private static void assertLayout(String hex, Command command) {
    byte[] entry = EntryCodec.encode(command);
    assertEquals(hex, HexFormat.of().formatHex(entry));
    assertArrayEquals(entry, EntryCodec.encode(EntryCodec.decode(entry)));
  }

  @Property(tries = 2_000)
  void everyCommandComesBackAsItWas(@ForAll long seed) {
    Command command = new CommandSamples(seed).next();
    byte[] entry = EntryCodec.encode(command);
    Command decoded = EntryCodec.decode(entry);
    assertArrayEquals(entry, EntryCodec.encode(decoded));
    if (command instanceof Command.Release release) {
      assertSame(release, (Command.Release) decoded);
    } else {
      assertEquals(command, decoded);
    }
  }

  /** Arrays in records are equal by identity only. */
  private static void assertSame(Command.Release expected, Command.Release actual) {
    assertEquals(expected.incarnation(), actual.incarnation());
    assertEquals(expected.leave(), actual.leave());
    assertEquals(expected.items().size(), actual.items().size());
    for (int i = 0; i < expected.items().size(); i++) {
      ReleaseItem left = expected.items().get(i);
      ReleaseItem right = actual.items().get(i);
      assertArrayEquals(left.positions(), right.positions());
      assertEquals(withPositions(left, right.positions()), right);
    }
  }

  private static ReleaseItem withPositions(ReleaseItem item, byte[] positions) {
    return new ReleaseItem(
        item.namespaceId(),
        item.section(),
        item.epoch(),
        item.maxSeq(),
        item.chunk(),
        positions,
        item.last(),
        item.base());
  }

  @Property(tries = 200)
  void everyFlippedBitIsSeen(@ForAll long seed) {
    byte[] entry = EntryCodec.encode(new CommandSamples(seed).next());
    for (int bit = 0; bit < entry.length * 8; bit++) {
      byte[] damaged = entry.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertUndecodable(damaged);
    }
  }

  @Property(tries = 300)
  void everyTruncationIsSeen(@ForAll long seed) {
    byte[] entry = EntryCodec.encode(new CommandSamples(seed).next());
    for (int length = 0; length < entry.length; length++) {
      assertUndecodable(Arrays.copyOf(entry, length));
      assertUndecodable(sealed(Arrays.copyOf(entry, Math.min(length, entry.length - 5))));
    }
  }

  @Property(tries = 2_000)
  void garbageWithARightChecksumIsReadAsACommandOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] body = new byte[random.nextInt(60)];
    random.nextBytes(body);
    if (body.length > 1) {
      body[0] = EntryCodec.VERSION;
      body[1] = (byte) (1 + random.nextInt(24));
    }
    byte[] entry = sealed(body);
    try {
      assertArrayEquals(entry, EntryCodec.encode(EntryCodec.decode(entry)), "one encoding each");
    } catch (UndecodableEntryException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 10, "says what is wrong");
    }
  }

  @Test
  void bytesLeftOverAreRefused() {
    byte[] entry = EntryCodec.encode(new Command.Renew(5));
    byte[] longer = Arrays.copyOf(entry, entry.length - 4 + 1);
    assertUndecodable(sealed(longer));
  }

  @Test
  void otherVersionsAndTypesAreRefused() {
    assertUndecodable(sealed(new byte[] {0, 2, 5, 0}));
    assertUndecodable(sealed(new byte[] {2, 2, 5, 0}));
    assertUndecodable(sealed(new byte[] {1, 0, 5, 0}));
    assertUndecodable(sealed(new byte[] {1, 8, 5, 0}));
    assertUndecodable(sealed(new byte[] {1, 19, 1, 'n'}));
    assertEquals(new Command.Renew(5), EntryCodec.decode(sealed(new byte[] {1, 2, 5, 0})));
  }

  @Test
  void numbersOutOfBoundsAreRefused() {
    assertUndecodable(sealed(new byte[] {1, 2, 0, 0}));
    assertUndecodable(sealed(new byte[] {1, 2, (byte) 0x85, 0, 0}));
    byte[] incarnationTooLarge = {1, 2, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 1, 0};
    assertUndecodable(sealed(incarnationTooLarge));
    byte[] moreThan63Bits = {1, 6, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertUndecodable(sealed(moreThan63Bits));
    assertUndecodable(sealed(new byte[] {1, 5, 1, 0, 2}));
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    byte[] entry = {1, 1, 1, (byte) 0xFF, 1, 'z', 1, 'h', 1, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    assertUndecodable(sealed(entry));
    entry[3] = 'n';
    assertEquals(new Command.Register("n", "z", "h", 1, 0, 1), EntryCodec.decode(sealed(entry)));
  }

  @Test
  void entriesAreBounded() {
    byte[] positions = new byte[Limits.MAX_HANDOVER_CHUNK];
    List<ReleaseItem> items = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      items.add(new ReleaseItem(1, i, 1, 1, 0, positions, true, 0));
    }
    assertTrue(
        EntryCodec.encode(new Command.Release(1, items, false)).length
            <= EntryCodec.MAX_ENTRY_BYTES);
    items.addAll(List.copyOf(items));
    assertInvalid(() -> EntryCodec.encode(new Command.Release(1, items, false)));
    assertUndecodable(new byte[EntryCodec.MAX_ENTRY_BYTES + 1]);
  }

  @Test
  void commandsOutOfBoundsCannotBeMade() {
    assertInvalid(() -> new Command.Register("", "z", "h", 1, 0, 1));
    assertInvalid(() -> new Command.Register("n".repeat(256), "z", "h", 1, 0, 1));
    assertInvalid(() -> new Command.Register("\uD83D", "z", "h", 1, 0, 1));
    assertInvalid(() -> new Command.Register("n", "z", "h", 0, 0, 1));
    assertInvalid(() -> new Command.Register("n", "z", "h", 65_536, 0, 1));
    assertInvalid(() -> new Command.Register("n", "z", "h", 1, 0, 0));
    assertInvalid(() -> new Command.Renew(0));
    assertInvalid(() -> new Command.Renew(1 << 28));
    assertInvalid(() -> new Command.Expire(1, -1));
    assertInvalid(() -> new Command.Grant(List.of()));
    Command.Run run = new Command.Run(1, 0, Command.MAX_GRANTED_SECTIONS, 1);
    new Command.Grant(List.of(run));
    assertInvalid(() -> new Command.Grant(List.of(run, new Command.Run(1, 0, 1, 1))));
    assertInvalid(() -> new Command.Run(1, Limits.MAX_SECTIONS, 1, 1));
    RaiseItem raise = new RaiseItem(1, 0, 1, 1, 2);
    new Command.Raise(1, Collections.nCopies(Command.MAX_ITEMS, raise));
    assertInvalid(() -> new Command.Raise(1, Collections.nCopies(Command.MAX_ITEMS + 1, raise)));
    assertInvalid(() -> new Command.Raise(1, List.of(new RaiseItem(1, -1, 1, 1, 2))));
    assertInvalid(() -> new Command.Raise(1, List.of(new RaiseItem(1, 0, -1, 1, 2))));
    byte[] tooLong = new byte[Limits.MAX_HANDOVER_CHUNK + 1];
    ReleaseItem release = new ReleaseItem(1, 0, 1, 1, 0, tooLong, true, 0);
    assertInvalid(() -> new Command.Release(1, List.of(release), false));
    assertInvalid(() -> new Command.CreateNamespace(Namespace.string("tags").withId(1)));
  }

  private static void assertInvalid(Runnable making) {
    RatchetException error = assertThrows(RatchetException.class, making::run);
    assertEquals(ErrorCode.INVALID_ARGUMENT, error.code());
  }

  private static void assertUndecodable(byte[] entry) {
    assertThrows(UndecodableEntryException.class, () -> EntryCodec.decode(entry));
  }

  private static byte[] sealed(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body, 0, body.length);
    byte[] entry = Arrays.copyOf(body, body.length + 4);
    for (int i = 0; i < 4; i++) {
      entry[body.length + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
    }
    return entry;
  }
}
