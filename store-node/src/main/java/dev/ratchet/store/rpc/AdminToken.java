package dev.ratchet.store.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret that operators' calls must carry, or none, with which all of them are refused. Its
 * text form never shows it. Immutable.
 */
public final class AdminToken {
  /** Shortest token: less can be guessed. */
  public static final int MIN_LENGTH = 16;

  /** Longest token. */
  public static final int MAX_LENGTH = 256;

  /** Operators' calls are off. */
  public static final AdminToken NONE = new AdminToken("");

  private static final Pattern ALLOWED =
      Pattern.compile("[!-~]{" + MIN_LENGTH + "," + MAX_LENGTH + "}");

  private final byte[] secret;

  private AdminToken(String secret) {
    this.secret = secret.getBytes(UTF_8);
  }

  /** A token, valid or not: see {@link #problem}. */
  public static AdminToken of(String secret) {
    return new AdminToken(secret);
  }

  /** Whether operators' calls are on. */
  public boolean isSet() {
    return secret.length > 0;
  }

  /** What is wrong with it, without showing it; empty when it may be used, as no token may. */
  public Optional<String> problem() {
    return !isSet() || ALLOWED.matcher(new String(secret, UTF_8)).matches()
        ? Optional.empty()
        : Optional.of(
            "must be "
                + MIN_LENGTH
                + " to "
                + MAX_LENGTH
                + " ASCII characters, no spaces; this one has "
                + secret.length
                + " bytes. Make one: openssl rand -hex 32");
  }

  /** Whether a caller knows the secret; takes the same time however much of it is right. */
  boolean matches(String offered) {
    return isSet() && MessageDigest.isEqual(offered.getBytes(UTF_8), secret);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdminToken token && MessageDigest.isEqual(token.secret, secret);
  }

  @Override
  public int hashCode() {
    return secret.length; // says no more than problem() does
  }

  @Override
  public String toString() {
    return isSet() ? "***" : "none";
  }
}
