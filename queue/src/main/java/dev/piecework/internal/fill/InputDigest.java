package dev.piecework.internal.fill;

import dev.piecework.Item;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The digest of a source's input so far, whatever its division into chunks; and one byte for each
 * record, to find the record where another input differs.
 */
final class InputDigest {

  private final MessageDigest sha;
  private final CRC32C print = new CRC32C();

  // Records are gathered first: a call of the digest costs more than hashing a few bytes.
  private final byte[] gathered = new byte[1 << 13];
  private int length;

  InputDigest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Takes a record in.
   *
   * @return its byte
   */
  byte add(Item item) {
    byte[] payload = item.payload();
    take((byte) (payload.length >>> 24));
    take((byte) (payload.length >>> 16));
    take((byte) (payload.length >>> 8));
    take((byte) payload.length);
    take(payload);
    print.reset();
    print.update(payload);
    if (item.id() != null) {
      byte[] id = item.id().getBytes(StandardCharsets.UTF_8);
      take(id);
      print.update(id);
    }
    return (byte) print.getValue();
  }

  private void take(byte one) {
    if (length == gathered.length) {
      hash();
    }
    gathered[length++] = one;
  }

  private void take(byte[] bytes) {
    if (bytes.length > gathered.length - length) {
      hash();
    }
    if (bytes.length > gathered.length) {
      sha.update(bytes);
    } else {
      System.arraycopy(bytes, 0, gathered, length, bytes.length);
      length += bytes.length;
    }
  }

  private void hash() {
    sha.update(gathered, 0, length);
    length = 0;
  }

  /** Of all that was taken in. */
  String hex() {
    hash();
    try {
      return HexFormat.of().formatHex(((MessageDigest) sha.clone()).digest(), 0, 16);
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
