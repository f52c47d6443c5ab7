package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.backup.BackupJob;
import dev.ratchet.cli.backup.BackupReader;
import dev.ratchet.cli.backup.BackupReader.Backup;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet admin restore}. */
@Command(
    name = "restore",
    description = {
      "Bring a backup back into a new cluster, with every ceiling lifted past what may have been",
      "issued since it was taken.",
      "",
      "Only the store nodes may run: start allocation nodes and routers after it, or numbers that",
      "were issued before come again. See docs/operating.md, step by step.",
      "",
      "Example: ./ratchet admin restore backup-1.rtk --dir data/c1",
    })
public final class RestoreCommand implements Callable<Integer> {
  /** More than most clusters issue for one section in months. */
  static final long DEFAULT_JUMP = 1_000_000_000L;

  private static final long MAX_JUMP = 1L << 60;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A file that `admin backup` wrote.")
  private Path file;

  @Option(
      names = "--jump",
      paramLabel = "N",
      defaultValue = "" + DEFAULT_JUMP,
      description =
          "Numbers to lift every ceiling by: more than any one section can have issued since the"
              + " backup (default: ${DEFAULT-VALUE}).")
  private long jump;

  @Mixin private AdminOption to;

  @Override
  public Integer call() throws Exception {
    if (jump < 1 || jump > MAX_JUMP) {
      throw new ParameterException(spec.commandLine(), "--jump must be 1 to " + MAX_JUMP);
    }
    Backup backup = BackupReader.read(file);
    if (backup.largest() > Limits.MAX_NUMBER - jump) {
      throw new CliException(
          ExitCode.USAGE,
          "--jump: a section of the backup is at "
              + backup.largest()
              + ", and no number goes past "
              + Limits.MAX_NUMBER
              + ": choose a smaller jump");
    }
    String token = to.token();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "restoring "
            + backup.count()
            + " sections of "
            + backup.head().namespaces().size()
            + " namespaces, backup of cluster '"
            + backup.head().cluster()
            + "' begun "
            + Instant.ofEpochMilli(backup.head().beganMillis())
            + ", jump "
            + jump);
    out.flush();
    long id = RandomGenerator.getDefault().nextLong() | 1;
    try (RatchetClient client = to.connectToStores()) {
      new BackupJob(token, BackupCommand.calls(client)).restore(backup, id, jump);
    } catch (RatchetException e) {
      out.println("if it had begun, nothing is served until a restore ends: run the command again");
      throw e;
    }
    out.println("restored; now start the allocation nodes, then the routers");
    return 0;
  }
}
