package dev.piecework.worker;

import java.nio.charset.StandardCharsets;

/**
 * One lease of one item that is given to a handler.
 *
 * @param id the item's id, unique in its run
 * @param payload the item, as its producer gave it; not copied, so not to be changed
 * @param number 1 for the first attempt at this item, and one more each time it came back, whether
 *     the handler failed or its worker died
 * @param token grows with every lease of the item; a fencing token for writes to other systems
 */
public record Attempt(String id, byte[] payload, int number, long token) {

  /** The payload as UTF-8 text; what is not UTF-8 becomes U+FFFD. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
