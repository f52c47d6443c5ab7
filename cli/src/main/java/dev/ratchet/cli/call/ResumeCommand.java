package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ResumeReply;
import dev.ratchet.proto.message.ResumeRequest;
import dev.ratchet.proto.rpc.Calls;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet admin resume}. */
@Command(
    name = "resume",
    description = {
      "Let sections be served again that the store has halted, since it had gone back in time.",
      "",
      "They go on above the highest number that any node saw, by the jump: choose it larger than a",
      "section can have issued unseen. See 'A store that went back in time' in docs/operating.md.",
      "",
      "Example: ./ratchet admin resume user --jump 1000000000 --dir data/c1",
    })
final class ResumeCommand implements Callable<Integer> {
  /** Sections of one entry of the log. */
  private static final int AT_ONCE = 4_096;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAMESPACE", description = "Name of the namespace.")
  private String name;

  @Option(
      names = "--jump",
      paramLabel = "N",
      required = true,
      description = "Numbers to skip, at least 1.")
  private long jump;

  @Mixin private AdminOption to;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (jump < 1) {
      throw new ParameterException(spec.commandLine(), "--jump must be 1 or more");
    }
    String token = to.token();
    int resumed = 0;
    int exhausted = 0;
    try (RatchetClient client = to.connect()) {
      int sections = namespace(client).sectionCount();
      for (int first = 0; first < sections; first += AT_ONCE) {
        int count = Math.min(AT_ONCE, sections - first);
        ResumeRequest request = new ResumeRequest(token, name, first, count, jump);
        ResumeReply reply = ServerOption.await(client.admin(Calls.RESUME, request));
        resumed += reply.resumed();
        exhausted += reply.exhausted();
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "resumed %d sections of '%s', each %d above the highest number anybody saw%n",
        resumed, name, jump);
    if (exhausted > 0) {
      out.printf("%d stay halted: the jump ends past their last number%n", exhausted);
    }
    return exhausted == 0 ? ExitCode.OK.number() : ExitCode.FAILED.number();
  }

  private Namespace namespace(RatchetClient client) throws InterruptedException {
    return ServerOption.await(client.namespaces()).stream()
        .filter(known -> known.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.USAGE,
                    "there is no namespace '" + name + "': `ratchet namespace list` shows all"));
  }
}
