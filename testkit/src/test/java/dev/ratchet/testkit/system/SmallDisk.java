package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of its own that can be filled up. Needs root, since it is mounted. */
final class SmallDisk implements AutoCloseable {
  private static final byte[] BLOCK = new byte[64 << 10];

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Whether this process may mount one. */
  static boolean isPossible() {
    return "root".equals(System.getProperty("user.name"))
        && Files.isExecutable(Path.of("/bin/mount"));
  }

  static SmallDisk mount(Path folder, int megabytes) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    return new SmallDisk(folder);
  }

  Path folder() {
    return folder;
  }

  /** Takes all the space that is left. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(BLOCK);
      }
    } catch (IOException full) {
      assertEquals(0, Files.getFileStore(folder).getUsableSpace(), full.getMessage());
    }
  }

  /** Gives the space back. */
  void free() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", "--lazy", folder.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before " + folder + " was unmounted", e);
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> List.of(command) + " does not end");
    assertEquals(0, process.exitValue(), () -> String.join(" ", command));
  }
}
