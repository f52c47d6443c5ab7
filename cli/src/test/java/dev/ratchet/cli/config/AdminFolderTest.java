package dev.ratchet.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminFolderTest {
  @TempDir private Path folder;

  @Test
  void aFolderGetsARandomTokenOnceThatOnlyItsOwnerReads() throws IOException {
    AdminFolder first = new AdminFolder(folder);
    String token = first.prepareText();
    assertEquals(64, token.length());
    assertEquals(token, new AdminFolder(folder).prepareText());
    assertEquals(token, first.token());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("admin.token"))));
    Path other = Files.createDirectory(folder.resolve("other"));
    assertFalse(new AdminFolder(other).prepareText().equals(token));
  }

  @Test
  void aTokenFileThatNoStoreTakesIsRefusedWithoutShowingIt() throws IOException {
    Path file = folder.resolve("token");
    assertRefused(file, "no such file");
    Files.writeString(file, " \n");
    assertRefused(file, "is empty");
    Files.writeString(file, "hunter2\n");
    assertRefused(file, "must be 16 to 256");
    Files.writeString(file, "a".repeat(513));
    assertRefused(file, "too large");
    Files.writeString(file, "  hunter2-hunter2-hunter2\r\n");
    assertEquals("hunter2-hunter2-hunter2", AdminFolder.readToken(file));
  }

  private static void assertRefused(Path file, String why) {
    CliException refused = assertThrows(CliException.class, () -> AdminFolder.readToken(file));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(why) && message.contains(file.toString()), message);
    assertFalse(message.contains("hunter2"), message);
  }

  @Test
  void serversAreTheRoutersAndAllocationNodesOfTheCluster() throws IOException {
    AdminFolder admin = new AdminFolder(folder);
    assertTrue(
        String.valueOf(assertThrows(CliException.class, admin::servers).getMessage())
            .contains("there is no cluster in"));
    Files.writeString(
        folder.resolve("dev.yaml"), "format: 1\nallocs: [\"127.0.0.1:1\", \"127.0.0.1:2\"]\n");
    assertEquals(
        List.of(new HostPort("127.0.0.1", 1), new HostPort("127.0.0.1", 2)), admin.servers());
    Files.writeString(
        folder.resolve("cluster.yaml"),
        """
        format: 1
        nodes:
          - {role: store, node: store-1, listen: "127.0.0.1:3"}
          - {role: alloc, node: alloc-1, listen: "127.0.0.1:4"}
          - {role: router, node: router-1, listen: "127.0.0.1:5"}
        """);
    assertEquals(
        List.of(new HostPort("127.0.0.1", 4), new HostPort("127.0.0.1", 5)), admin.servers());
  }
}
