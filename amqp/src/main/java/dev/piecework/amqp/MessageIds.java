package dev.piecework.amqp;

import dev.piecework.Item;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Ids for the messages of one batch. A message with an id of its own keeps it, or gets the digest
 * of one that no item can have. One without gets the digest of its body, the batch's nonce and a
 * count among those of the batch with the same body: so the same messages, delivered again in
 * whatever order, get the same ids, and equal messages different ones.
 */
final class MessageIds {

  private static final int DIGEST_DIGITS = 32;
  private static final int LONGEST = Item.MAX_ID_LENGTH;

  /** Looks like one that a queue in partitions gives. */
  private static final Pattern COUNTED = Pattern.compile("\\d{1,3}-\\d{1,19}");

  private final String nonce;
  private final Map<String, Integer> counts = new HashMap<>();

  MessageIds(String nonce) {
    this.nonce = nonce;
  }

  String of(Message message) {
    String own = message.id();
    if (own != null && !own.isEmpty()) {
      boolean fits =
          own.length() <= LONGEST
              && own.chars().noneMatch(Character::isISOControl)
              && !COUNTED.matcher(own).matches();
      return fits ? own : digest(own.getBytes(StandardCharsets.UTF_8), DIGEST_DIGITS);
    }
    String digest = digest(message.body(), DIGEST_DIGITS);
    return digest + "-" + nonce + "-" + counts.merge(digest, 1, Integer::sum);
  }

  /** The first digits of the SHA-256. */
  static String digest(byte[] bytes, int digits) {
    try {
      byte[] whole = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(whole).substring(0, digits);
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }
}
