package dev.ratchet.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.config.AllocFile;
import dev.ratchet.cli.config.RouterFile;
import dev.ratchet.cli.config.StoreFile;
import dev.ratchet.store.rpc.AdminToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterLayoutTest {
  private static final ClusterLayout.Size SIZE = new ClusterLayout.Size(3, 4, 2);

  @TempDir private Path folder;

  private static final String TOKEN = "0123456789abcdef";

  private final ClusterLayout layout =
      ClusterLayout.choose(SIZE, IntStream.range(100, 100 + SIZE.ports()).boxed().toList());

  @Test
  void nodesGoRoundTheZonesOnPortsOfTheirOwn() {
    assertEquals(
        List.of(
            "store-1 zone-1",
            "store-2 zone-2",
            "store-3 zone-3",
            "alloc-1 zone-1",
            "alloc-2 zone-2",
            "alloc-3 zone-3",
            "alloc-4 zone-1",
            "router-1 zone-1",
            "router-2 zone-2"),
        layout.nodes().stream().map(node -> node.name() + " " + node.zone()).toList());
    Set<Object> addresses = new HashSet<>();
    layout.nodes().forEach(node -> addresses.addAll(node.addresses()));
    assertEquals(SIZE.ports(), addresses.size());
    assertEquals(SIZE, layout.size());
  }

  @Test
  void whatWasSavedIsReadBack() throws IOException {
    layout.write(folder);
    assertEquals(layout, ClusterLayout.read(folder));
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    Files.writeString(folder.resolve(ClusterLayout.FILE), "format: 9\nnodes: []\n");
    CliException refused = assertThrows(CliException.class, () -> ClusterLayout.read(folder));
    assertTrue(String.valueOf(refused.getMessage()).contains("has format 9"));
  }

  @Test
  void aNodeThatIsNotThereIsNamedWithThoseThatAre() {
    CliException refused = assertThrows(CliException.class, () -> layout.node("alloc-9"));
    assertTrue(String.valueOf(refused.getMessage()).contains("it has store-1, store-2"));
  }

  @Test
  void everyNodeCanReadItsSettings() throws IOException {
    for (ClusterNode node : layout.nodes()) {
      NodeFolder place = NodeFolder.of(folder.resolve("it's a \"folder\""), node);
      place.prepare(layout, TOKEN);
      switch (node.role()) {
        case STORE -> {
          StoreFile file = StoreFile.read(place.config());
          assertEquals(node.listen(), file.store().self().rpc());
          assertEquals(place.path().resolve("data"), file.store().data());
          assertEquals(node.admin(), file.admin());
          assertEquals(AdminToken.of(TOKEN), file.store().adminToken());
        }
        case ALLOC -> {
          AllocFile file = AllocFile.read(place.config());
          assertEquals(3, file.alloc().stores().size());
          assertEquals(node.zone(), file.alloc().zone());
        }
        case ROUTER -> {
          RouterFile file = RouterFile.read(place.config());
          assertEquals(4, file.router().allocs().size());
          assertEquals(node.second(), file.router().resp());
        }
      }
    }
  }

  @Test
  void settingsThatWereEditedAreKept() throws IOException {
    NodeFolder place = NodeFolder.of(folder, layout.node("alloc-1"));
    place.prepare(layout, TOKEN);
    Files.writeString(place.config(), "edited: true\n");
    place.prepare(layout, TOKEN);
    assertEquals("edited: true\n", Files.readString(place.config()));
  }
}
