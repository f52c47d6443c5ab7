package dev.ratchet.cli.call;

import dev.ratchet.cli.TextTable;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.NamespaceKind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet namespace}. */
@Command(
    name = "namespace",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Create and list namespaces.",
      "",
      "Example: ./ratchet namespace create orders --kind string",
    })
public final class NamespaceCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: create or list");
  }

  /** The kinds as users write them. */
  enum Kind {
    uid,
    string
  }

  @Command(
      name = "create",
      description = {
        "Create a namespace. What decides the section of a key can't be changed afterwards.",
        "",
        "Examples:",
        "  ./ratchet namespace create orders",
        "  ./ratchet namespace create accounts --kind uid --max-uid 99999999",
      })
  int create(
      @Parameters(paramLabel = "NAME", description = "1 to 64 of A-Z a-z 0-9 . _ -") String name,
      @Option(
              names = "--kind",
              description =
                  "uid: keys are whole numbers up to --max-uid. string: keys are any bytes"
                      + " (default: string, or uid where --max-uid or --section-size is given).")
          @Nullable Kind kind,
      @Option(
              names = "--max-uid",
              paramLabel = "N",
              description = "uid: the largest key (default: 4294967295).")
          @Nullable Long maxUid,
      @Option(
              names = "--section-size",
              paramLabel = "N",
              description =
                  "uid: keys that share a persisted ceiling, and move together (default: 100000).")
          @Nullable Long sectionSize,
      @Option(
              names = "--sections",
              paramLabel = "N",
              description = "string: into how many sections the keys are hashed (default: 256).")
          @Nullable Integer sections,
      @Option(
              names = "--step",
              paramLabel = "N",
              defaultValue = "" + Namespace.DEFAULT_STEP,
              description =
                  "Numbers a raise adds to a ceiling, at first: more means fewer writes and larger"
                      + " gaps after a crash (default: ${DEFAULT-VALUE}).")
          long step,
      @Option(
              names = "--strict",
              description =
                  "The store confirms every call before it is answered: order in real time without"
                      + " any assumption about clocks, for one store round trip a call.")
          boolean strict,
      @Mixin ServerOption to)
      throws InterruptedException {
    boolean forUid = maxUid != null || sectionSize != null;
    boolean uid = kind == null ? forUid : kind == Kind.uid;
    if (!uid && forUid) {
      throw new ParameterException(
          spec.commandLine(), "--max-uid and --section-size go with --kind uid only");
    }
    if (uid && sections != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--sections goes with --kind string only; for uid it follows from --section-size");
    }
    Namespace wanted =
        uid
            ? Namespace.uid(
                name,
                maxUid == null ? Namespace.DEFAULT_MAX_UID : maxUid,
                sectionSize == null ? Namespace.DEFAULT_SECTION_SIZE : sectionSize,
                step)
            : Namespace.string(
                name, sections == null ? Namespace.DEFAULT_STRING_SECTIONS : sections, step);
    if (strict) {
      wanted = wanted.asStrict();
    }
    wanted.validate();
    try (RatchetClient client = to.connect()) {
      Namespace created = ServerOption.await(client.createNamespace(wanted));
      print(List.of(created));
    }
    return 0;
  }

  @Command(
      name = "list",
      description = {"List all namespaces.", "", "Example: ./ratchet namespace list"})
  int list(@Mixin ServerOption to) throws InterruptedException {
    try (RatchetClient client = to.connect()) {
      print(ServerOption.await(client.namespaces()));
    }
    return 0;
  }

  private void print(List<Namespace> namespaces) {
    TextTable table =
        new TextTable("NAME", "KIND", "SECTIONS", "SECTION SIZE", "MAX UID", "STEP", "MODE");
    for (Namespace namespace :
        namespaces.stream().sorted(Comparator.comparing(Namespace::name)).toList()) {
      boolean uid = namespace.kind() == NamespaceKind.UID;
      table.row(
          namespace.name(),
          namespace.kind().name().toLowerCase(Locale.ROOT),
          namespace.sectionCount(),
          uid ? namespace.sectionSize() : "-",
          uid ? namespace.maxUid() : "-",
          namespace.step(),
          namespace.strict() ? "strict" : "lease");
    }
    table.lines().forEach(spec.commandLine().getOut()::println);
  }
}
