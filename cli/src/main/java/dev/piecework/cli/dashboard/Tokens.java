package dev.piecework.cli.dashboard;

import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** What whoever opens the page must know. */
final class Tokens {

  private static final int BYTES = 24;

  /** What can be in an address as it is. */
  private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._~-]{16,200}");

  private Tokens() {}

  /** One that nobody knows yet. */
  static String fresh() {
    byte[] some = new byte[BYTES];
    new SecureRandom().nextBytes(some);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(some);
  }

  /**
   * The one in this file.
   *
   * @throws Refusal when it has none
   */
  static String in(Path file) {
    String first;
    try {
      first = Files.readString(file).lines().findFirst().orElse("").strip();
    } catch (IOException unreadable) {
      throw Refusal.usage("--token-file: cannot read " + file, unreadable);
    }
    if (!USABLE.matcher(first).matches()) {
      throw Refusal.usage(
          "--token-file "
              + file
              + ": its first line is to be 16 to 200 letters, digits and . _ ~ -");
    }
    return first;
  }
}
