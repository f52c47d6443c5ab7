package dev.ratchet.testkit.rules;

import java.nio.file.Path;

/** Where the checkout is. */
final class Home {
  private Home() {}

  static Path path() {
    return Path.of(System.getProperty("ratchet.home", ".."));
  }
}
