package dev.ratchet.cli.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.backup.BackupReader.Backup;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.BackupHead;
import dev.ratchet.proto.message.BackupReply;
import dev.ratchet.proto.message.BackupRequest;
import dev.ratchet.proto.message.BackupSections;
import dev.ratchet.proto.message.RestoreReply;
import dev.ratchet.proto.message.RestoreRequest;
import dev.ratchet.proto.message.SavedSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup files, there and back. */
class BackupJobTest {
  private static final int PAGE = 3;
  private static final Namespace TAGS = Namespace.string("tags", 7, 100).withId(1);
  private static final Namespace USERS = Namespace.uid("users", 299, 100, 50).withId(4);

  @TempDir private Path folder;

  /** A cluster with two namespaces, and pages of three sections. */
  private static final class Pages implements BackupJob.Cluster {
    final List<RestoreRequest> steps = new ArrayList<>();
    int failAfter = Integer.MAX_VALUE;

    @Override
    public BackupReply backup(BackupRequest request) {
      if (failAfter-- <= 0) {
        throw new RatchetException(ErrorCode.UNAVAILABLE, "the store is away");
      }
      boolean head = request.namespaceId() == 0;
      Namespace namespace = request.namespaceId() == TAGS.id() ? TAGS : USERS;
      List<SavedSection> page = new ArrayList<>();
      for (int i = request.first();
          !head && i < Math.min(request.first() + PAGE, namespace.sectionCount());
          i++) {
        page.add(saved(namespace, i));
      }
      List<Namespace> namespaces = head ? List.of(USERS, TAGS) : List.of();
      return new BackupReply("prod", 88, 9, 5, 2, 3, namespaces, page);
    }

    static SavedSection saved(Namespace namespace, int section) {
      return section == 2
          ? new SavedSection(0, 0)
          : new SavedSection(section + 1, 1_000L * namespace.id() + section);
    }

    @Override
    public RestoreReply restore(RestoreRequest request) {
      steps.add(request);
      return new RestoreReply(0, 0);
    }
  }

  private Path written() throws IOException, InterruptedException {
    Path file = folder.resolve("backup");
    assertEquals(10, new BackupJob("secret", new Pages()).backup(file, 1_700_000_000_000L));
    return file;
  }

  @Test
  void whatWasWrittenIsReadAndRestoredInOrder() throws IOException, InterruptedException {
    Backup backup = BackupReader.read(written());
    BackupHead head = backup.head();
    assertEquals("prod", head.cluster());
    assertEquals(1_700_000_000_000L, head.beganMillis());
    assertEquals(List.of(TAGS, USERS), head.namespaces());
    assertEquals(10, backup.count());
    assertEquals(4_001, backup.largest());

    Pages target = new Pages();
    new BackupJob("secret", target).restore(backup, 77, 500);
    RestoreRequest begin = target.steps.get(0);
    assertEquals(1, begin.step());
    assertEquals(500, begin.jump());
    assertEquals(88, begin.routeVersion());
    assertEquals(9, begin.lastIncarnation());
    assertEquals(5, begin.lastNamespace());
    assertEquals(2, begin.floorEpoch());
    assertEquals(3, begin.floorNumber());
    assertEquals(List.of(TAGS, USERS), begin.namespaces());
    List<String> ranges =
        target.steps.stream()
            .filter(step -> step.step() == 2)
            .map(step -> step.namespaceId() + ":" + step.first() + "+" + step.sections().size())
            .toList();
    assertEquals(List.of("1:0+3", "1:3+3", "1:6+1", "4:0+3"), ranges);
    assertEquals(Pages.saved(USERS, 1), target.steps.get(4).sections().get(1));
    assertEquals(3, target.steps.get(5).step());
    assertTrue(target.steps.stream().allMatch(step -> step.id() == 77));
  }

  @Test
  void onlyItsOwnerMayReadItAndNothingIsOverwritten() throws IOException, InterruptedException {
    Path file = written();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    CliException error = assertThrows(CliException.class, this::written);
    assertEquals(ExitCode.USAGE, error.exit());
  }

  @Test
  void aBackupThatFailsLeavesNoFile() throws IOException {
    Pages failing = new Pages();
    failing.failAfter = 3;
    Path file = folder.resolve("backup");
    assertThrows(RatchetException.class, () -> new BackupJob("secret", failing).backup(file, 0));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void everyCutAndEveryFlippedBitIsSeen() throws IOException, InterruptedException {
    byte[] whole = Files.readAllBytes(written());
    Path file = folder.resolve("damaged");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused(file, "cut at " + length);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertRefused(file, "a byte too many");
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = whole.clone();
      int bit = random.nextInt(whole.length * 8);
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      assertRefused(file, "bit " + bit);
    }
  }

  private static void assertRefused(Path file, String what) {
    CliException error = assertThrows(CliException.class, () -> BackupReader.read(file), what);
    assertEquals(ExitCode.FAILED, error.exit(), what);
    assertTrue(String.valueOf(error.getMessage()).contains("damaged"), error.getMessage());
  }

  @Test
  void anotherFormatIsNamed() throws IOException, InterruptedException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    bytes[11] = 7;
    Files.write(file, bytes);
    CliException newer = assertThrows(CliException.class, () -> BackupReader.read(file));
    assertTrue(String.valueOf(newer.getMessage()).contains("format 7"), newer.getMessage());
    Files.writeString(file, "something else entirely");
    CliException foreign = assertThrows(CliException.class, () -> BackupReader.read(file));
    assertTrue(String.valueOf(foreign.getMessage()).contains("no backup of Ratchet"));
    CliException missing =
        assertThrows(CliException.class, () -> BackupReader.read(folder.resolve("none")));
    assertEquals(ExitCode.USAGE, missing.exit());
  }

  @Test
  void aFileWithAHoleIsRefusedThoughItsBlocksAreSound() throws IOException {
    Path file = folder.resolve("hole");
    BackupHead head = new BackupHead("prod", "test", 0, 1, 1, 1, 0, 0, List.of(TAGS));
    try (BackupWriter writer = BackupWriter.create(file, head)) {
      SavedSection some = new SavedSection(1, 1);
      writer.add(new BackupSections(1, 0, List.of(some, some)));
      writer.add(new BackupSections(1, 3, List.of(some, some, some, some)));
      writer.finish();
    }
    CliException error = assertThrows(CliException.class, () -> BackupReader.read(file));
    assertTrue(String.valueOf(error.getMessage()).contains("section 2 of namespace 'tags'"));
    assertFalse(Files.exists(folder.resolve("hole.part")));
  }
}
