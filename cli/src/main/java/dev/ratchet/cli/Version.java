package dev.ratchet.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, from the jar's manifest. */
public final class Version implements IVersionProvider {
  /** The version, or {@code unpackaged} where the classes don't come from the jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "ratchet " + text(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
