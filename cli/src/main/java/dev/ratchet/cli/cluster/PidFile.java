package dev.ratchet.cli.cluster;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.config.SavedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The file that says which process runs a node: {@code PID BIRTH}. */
record PidFile(Path path) {

  /** The process written down, living or not; empty if the node was stopped or never ran. */
  Optional<ProcessIdentity> read() {
    try {
      String[] words = Files.readString(path).strip().split(" ", -1);
      if (words.length != 2) {
        throw damaged();
      }
      return Optional.of(new ProcessIdentity(Long.parseLong(words[0]), words[1]));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException e) {
      throw damaged();
    } catch (IOException e) {
      throw new CliException(ExitCode.FAILED, path + ": can't be read: " + e, e);
    }
  }

  /** Writes the process down; a crash leaves the old file or the new one. */
  void write(ProcessIdentity process) throws IOException {
    SavedFile.write(path, process.pid() + " " + process.birth() + "\n");
  }

  /** Forgets the process: the node is stopped on purpose. */
  void delete() throws IOException {
    Files.deleteIfExists(path);
  }

  private CliException damaged() {
    return new CliException(
        ExitCode.FAILED,
        path + ": is no pid file ('PID BIRTH'); see that no such process runs, then remove it");
  }
}
