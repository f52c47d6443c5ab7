package dev.ratchet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RatchetCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine line =
      Ratchet.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void everyCommandHelpsWithAnExampleAndExitCodes() {
    List<CommandLine> all = new ArrayList<>();
    collect(line, all);
    assertTrue(all.size() > 12, all.size() + " commands");
    for (CommandLine command : all) {
      String help = command.getUsageMessage();
      String name = command.getCommandSpec().qualifiedName();
      assertTrue(help.contains("Example"), name + " has no example:\n" + help);
      assertTrue(help.contains("outcome unknown"), name + " has no exit codes:\n" + help);
      assertTrue(help.contains("--help"), name + " can't be asked for help");
    }
  }

  private static void collect(CommandLine command, List<CommandLine> into) {
    into.add(command);
    command.getSubcommands().values().forEach(sub -> collect(sub, into));
  }

  @Test
  void wrongUseEndsWithTwoAndSaysWhereHelpIs() {
    for (String[] wrong :
        new String[][] {
          {},
          {"nonsense"},
          {"seq"},
          {"seq", "next"},
          {"seq", "next", "user:"},
          {"seq", "next", "user:1", "--count", "x"},
          {"seq", "current", "user:1", "--server", "nowhere"},
          {"namespace", "create", "bad name"},
          {"namespace", "create", "x", "--kind", "string", "--max-uid", "5"},
          {"namespace", "create", "x", "--kind", "uid", "--sections", "5"},
          {"dev", "--port", "8080"},
          {"dev", "--port", "0"},
          {"cluster", "kill", "--dir", "x"},
          {"cluster", "status", "--dir", "target/no-such-cluster"},
          {"admin", "member"},
          {"admin", "member", "add", "store-4"},
          {"admin", "member", "replace", "a", "a", "z", "h:1", "h:2", "--dir", "x"},
          {"admin", "transfer"},
          {"admin", "backup"},
          {"admin", "backup", "f", "--dir", "target/no-such-cluster"},
          {"admin", "restore", "target/no-such-file", "--dir", "x"},
          {"admin", "restore", "target/no-such-file", "--jump", "0", "--dir", "x"},
          {"admin", "drain"},
          {"admin", "drain", "alloc-1", "--dir", "target/no-such-cluster"},
          {"admin", "drain", "alloc-1", "--token-file", "target/no-such-file"},
          {"admin", "move", "user", "-1", "alloc-1"},
          {"admin", "move", "user", "one", "alloc-1"},
          {"admin", "balance", "--wait-seconds", "-1", "--dir", "target/no-such-cluster"},
          {"store"},
          {"store", "--config", "target/no-such-file.yaml"},
          {"replay", "target/no-such-file"},
          {"replay", "x", "--in-flight", "0"},
        }) {
      int exit = line.execute(wrong);
      assertTrue(
          exit == ExitCode.USAGE.number()
              // the namespace's own rules are the protocol's: a definite failure
              || (wrong[0].equals("namespace") && exit == ExitCode.FAILED.number()),
          String.join(" ", wrong) + " ended with " + exit + ": " + err);
    }
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("Try: ./ratchet seq next --help"), err::toString);
  }

  @Test
  void versionGoesToStdout() {
    assertEquals(0, line.execute("--version"));
    assertTrue(out.toString().startsWith("ratchet "), out::toString);
  }
}
