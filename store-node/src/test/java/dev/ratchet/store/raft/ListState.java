package dev.ratchet.store.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A state that keeps the entries it got, as text; {@code bad} can't be applied. Thread-safe. */
final class ListState implements ReplicatedState {
  static final String BAD = "bad";

  private final List<String> pending = new ArrayList<>();
  private final List<String> visible = new ArrayList<>();
  private int loads;
  private String commitFailure = "";

  @Override
  public synchronized Object apply(byte[] entry) {
    String text = new String(entry, UTF_8);
    if (text.equals(BAD)) {
      throw new IllegalArgumentException("undecodable");
    }
    pending.add(text);
    return text + " applied";
  }

  @Override
  public synchronized void commit(long index) throws IOException {
    if (!commitFailure.isEmpty()) {
      throw new IOException(commitFailure);
    }
    visible.addAll(pending);
    pending.clear();
  }

  @Override
  public String adviceOn(Throwable cause) {
    return "Do something about " + cause;
  }

  @Override
  public synchronized void saveTo(Path folder) throws IOException {
    Files.write(folder.resolve("list"), visible);
  }

  @Override
  public synchronized void loadFrom(Path folder) throws IOException {
    visible.clear();
    visible.addAll(Files.readAllLines(folder.resolve("list")));
    loads++;
  }

  /** From now on every commit fails so. */
  synchronized void failCommits(String failure) {
    commitFailure = failure;
  }

  synchronized List<String> visible() {
    return List.copyOf(visible);
  }

  synchronized int loads() {
    return loads;
  }
}
