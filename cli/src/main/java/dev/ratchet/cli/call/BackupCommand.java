package dev.ratchet.cli.call;

import dev.ratchet.cli.backup.BackupJob;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.message.BackupReply;
import dev.ratchet.proto.message.BackupRequest;
import dev.ratchet.proto.message.RestoreReply;
import dev.ratchet.proto.message.RestoreRequest;
import dev.ratchet.proto.rpc.Calls;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet admin backup}. */
@Command(
    name = "backup",
    description = {
      "Write the ceilings of all sections, and all namespaces, to a file, while the cluster serves.",
      "",
      "FILE must not exist; it appears when it is whole. A restore jumps past what was issued since.",
      "",
      "Example: ./ratchet admin backup backup-1.rtk --dir data/c1",
    })
public final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Where to write it.")
  private Path file;

  @Mixin private AdminOption to;

  @Override
  public Integer call() throws Exception {
    String token = to.token();
    try (RatchetClient client = to.connectToStores()) {
      long sections = new BackupJob(token, calls(client)).backup(file, System.currentTimeMillis());
      spec.commandLine().getOut().println("wrote " + sections + " sections to " + file);
    }
    return 0;
  }

  static BackupJob.Cluster calls(RatchetClient client) {
    return new BackupJob.Cluster() {
      @Override
      public BackupReply backup(BackupRequest request) throws InterruptedException {
        return ServerOption.await(client.admin(Calls.BACKUP, request));
      }

      @Override
      public RestoreReply restore(RestoreRequest request) throws InterruptedException {
        return ServerOption.await(client.admin(Calls.RESTORE, request));
      }
    };
  }
}
