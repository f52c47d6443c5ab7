package dev.ratchet.cli.backup;

import dev.ratchet.cli.Version;
import dev.ratchet.cli.backup.BackupReader.Backup;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.BackupHead;
import dev.ratchet.proto.message.BackupReply;
import dev.ratchet.proto.message.BackupRequest;
import dev.ratchet.proto.message.BackupSections;
import dev.ratchet.proto.message.RestoreReply;
import dev.ratchet.proto.message.RestoreRequest;
import dev.ratchet.proto.message.SavedSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** From a cluster to a backup file, and from a file to a cluster. Confined to one thread. */
public final class BackupJob {
  /** Begins, brings sections back, ends. */
  private static final int BEGIN = 1;

  private static final int SECTIONS = 2;
  private static final int END = 3;

  private final String token;
  private final Cluster cluster;

  /** The calls a job makes; each returns when it is answered. */
  public interface Cluster {
    BackupReply backup(BackupRequest request) throws InterruptedException;

    RestoreReply restore(RestoreRequest request) throws InterruptedException;
  }

  /** Of an operator with a token. */
  public BackupJob(String token, Cluster cluster) {
    this.token = token;
    this.cluster = cluster;
  }

  /** Writes a backup; how many sections it has. */
  public long backup(Path file, long nowMillis) throws IOException, InterruptedException {
    BackupReply head = cluster.backup(new BackupRequest(token, 0, 0));
    List<Namespace> namespaces =
        head.namespaces().stream().sorted(Comparator.comparingInt(Namespace::id)).toList();
    BackupHead first =
        new BackupHead(
            head.cluster(),
            Version.text(),
            nowMillis,
            head.routeVersion(),
            head.lastIncarnation(),
            head.lastNamespace(),
            head.floorEpoch(),
            head.floorNumber(),
            namespaces);
    try (BackupWriter writer = BackupWriter.create(file, first)) {
      for (Namespace namespace : namespaces) {
        int next = 0;
        while (next < namespace.sectionCount()) {
          List<SavedSection> page =
              cluster.backup(new BackupRequest(token, namespace.id(), next)).sections();
          if (page.isEmpty()) {
            throw new IOException("the store answered a page of the backup with nothing");
          }
          writer.add(new BackupSections(namespace.id(), next, page));
          next += page.size();
        }
      }
      return writer.finish();
    }
  }

  /** Brings a backup back, lifted by a jump. */
  public void restore(Backup backup, long id, long jump) throws InterruptedException {
    BackupHead head = backup.head();
    step(
        new RestoreRequest(
            token,
            BEGIN,
            id,
            jump,
            head.routeVersion(),
            head.lastIncarnation(),
            head.lastNamespace(),
            head.floorEpoch(),
            head.floorNumber(),
            head.namespaces(),
            0,
            0,
            List.of()));
    for (BackupSections some : backup.sections()) {
      step(sections(id, some));
    }
    step(new RestoreRequest(token, END, id, 0, 0, 0, 0, 0, 0, List.of(), 0, 0, List.of()));
  }

  private RestoreRequest sections(long id, BackupSections some) {
    return new RestoreRequest(
        token,
        SECTIONS,
        id,
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        some.namespaceId(),
        some.first(),
        some.sections());
  }

  private void step(RestoreRequest request) throws InterruptedException {
    var unused = cluster.restore(request);
  }
}
