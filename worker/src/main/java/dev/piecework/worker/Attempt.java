package dev.piecework.worker;

import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * One lease of one item that is given to a handler.
 *
 * @param id the item's id, unique in its run
 * @param payload the item, as its producer gave it; not copied, so not to be changed
 * @param number 1 for the first attempt at this item, and one more each time it came back, whether
 *     the handler failed or its worker died
 * @param token grows with every lease of the item; a fencing token for writes to other systems. A
 *     backup attempt has that of the attempt beside it
 * @param cancellation tells whether the attempt is cancelled: see {@link #isCancelled}
 */
public record Attempt(
    String id, byte[] payload, int number, long token, BooleanSupplier cancellation) {

  /** One that is never cancelled. */
  public Attempt(String id, byte[] payload, int number, long token) {
    this(id, payload, number, token, () -> false);
  }

  /**
   * Whether nothing that comes of this attempt counts any more, so that the handler should return:
   * a person has dropped the item, or another worker, who held it too (a backup attempt), has
   * completed it. The handler's thread is interrupted then as well. To be asked now and then.
   */
  public boolean isCancelled() {
    return cancellation.getAsBoolean();
  }

  /** The payload as UTF-8 text; what is not UTF-8 becomes U+FFFD. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
