package dev.ratchet.bench.process;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds programs that others make. */
public final class Programs {
  private final String path;

  /** {@code path}: folders to look in, as the variable PATH has them. */
  public Programs(String path) {
    this.path = path;
  }

  /** The programs of this process's PATH. */
  public static Programs ofThisMachine() {
    return new Programs(System.getenv().getOrDefault("PATH", ""));
  }

  /**
   * Where a program is.
   *
   * @param debianPackage what to install where it is missing
   * @throws CliException that names the package
   */
  public Path find(String program, String debianPackage) {
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return file;
      }
    }
    throw new CliException(
        ExitCode.FAILED,
        "there is no "
            + program
            + " on the PATH; on Debian the package "
            + debianPackage
            + " has it: apt-get install "
            + debianPackage);
  }
}
