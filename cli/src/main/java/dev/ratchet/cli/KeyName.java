package dev.ratchet.cli;

import dev.ratchet.proto.key.Namespace;

/**
 * A key as users write it: {@code ns:key} names a namespace up to the first colon; without a colon
 * the namespace is {@code default}.
 */
public record KeyName(String namespace, String key) {
  public static final String DEFAULT_NAMESPACE = "default";

  /**
   * Reads a key.
   *
   * @throws CliException with {@link ExitCode#USAGE} that says what is wrong
   */
  public static KeyName parse(String text) {
    int colon = text.indexOf(':');
    KeyName name =
        colon < 0
            ? new KeyName(DEFAULT_NAMESPACE, text)
            : new KeyName(text.substring(0, colon), text.substring(colon + 1));
    if (!Namespace.isValidName(name.namespace)) {
      throw new CliException(
          ExitCode.USAGE,
          "'"
              + text
              + "': what stands before the first colon names a namespace, 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (name.key.isEmpty()) {
      throw new CliException(ExitCode.USAGE, "'" + text + "': the key is empty; write NS:KEY");
    }
    return name;
  }

  @Override
  public String toString() {
    return namespace + ":" + key;
  }
}
