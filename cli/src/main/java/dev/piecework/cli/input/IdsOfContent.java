package dev.piecework.cli.input;

import dev.piecework.Item;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Gives each record that has no id one made of its bytes, so that equal ones have the same. It is
 * the first half of a SHA-256, and not the record itself: that may be too long, be no text, or be a
 * number that the queue counts for another item.
 */
final class IdsOfContent implements RecordReader {

  private static final int BYTES = 16;

  private final RecordReader input;
  private final MessageDigest digest;

  IdsOfContent(RecordReader input) {
    this.input = input;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public @Nullable Item next() throws IOException {
    Item item = input.next();
    return item == null || item.id() != null
        ? item
        : item.withId(HexFormat.of().formatHex(digest.digest(item.payload()), 0, BYTES));
  }
}
