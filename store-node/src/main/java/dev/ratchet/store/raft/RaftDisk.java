package dev.ratchet.store.raft;

import com.alipay.sofa.jraft.entity.LocalStorageOutter.StablePBMeta;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.storage.io.ProtoBufFile;
import dev.ratchet.store.disk.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Refuses to start on what a member must not start on. Raft counts on votes and log being kept; the
 * library takes a lost vote file for term 0 and a lost log for an empty one, and would vote and
 * acknowledge anew.
 */
final class RaftDisk {
  private static final String VOTES = "raft_meta";
  private static final String REJOIN =
      "; if the files can't be restored, remove this member from the cluster and add it anew with an"
          + " empty folder";

  private final RaftSettings settings;

  RaftDisk(RaftSettings settings) {
    this.settings = settings;
  }

  /**
   * Prepares the folder of a first start, or checks that of a later one.
   *
   * @throws IOException that says what is missing
   */
  void prepare(boolean firstStart) throws IOException {
    ProtobufMsgFactory.load();
    Durable.createFolder(settings.meta());
    boolean hasEntries = hasLog() || hasSnapshot();
    if (firstStart) {
      if (hasEntries) {
        throw new IOException(
            settings.folder() + " holds a Raft log, but the node's identity file is lost" + REJOIN);
      }
      writeFirstVotes();
      return;
    }
    if (!Files.exists(votes())) {
      throw new IOException(
          "the record of votes "
              + votes()
              + " is lost, and without it this member could vote twice in one term"
              + REJOIN);
    }
    if (!hasLog() && term() > 0) {
      throw new IOException(
          "the Raft log "
              + settings.log()
              + " is lost, with entries that others count on"
              + REJOIN);
    }
  }

  private Path votes() {
    return settings.meta().resolve(VOTES);
  }

  private boolean hasLog() {
    return Files.exists(settings.log().resolve("CURRENT"));
  }

  private boolean hasSnapshot() throws IOException {
    if (!Files.isDirectory(settings.snapshot())) {
      return false;
    }
    try (Stream<Path> files = Files.list(settings.snapshot())) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("snapshot_"));
    }
  }

  /** So that a lost record can be told from one that was never written. */
  private void writeFirstVotes() throws IOException {
    StablePBMeta none =
        StablePBMeta.newBuilder().setTerm(0).setVotedfor(PeerId.emptyPeer().toString()).build();
    if (!new ProtoBufFile(votes().toString()).save(none, true)) {
      throw new IOException("can't write " + votes() + "; check the disk");
    }
  }

  private long term() throws IOException {
    StablePBMeta votes = new ProtoBufFile(votes().toString()).load();
    if (votes == null) {
      throw new IOException("the record of votes " + votes() + " is empty" + REJOIN);
    }
    return votes.getTerm();
  }
}
