package dev.piecework;

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
  private final byte[] length = new byte[4];

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
    length[0] = (byte) (payload.length >>> 24);
    length[1] = (byte) (payload.length >>> 16);
    length[2] = (byte) (payload.length >>> 8);
    length[3] = (byte) payload.length;
    sha.update(length);
    sha.update(payload);
    CRC32C print = new CRC32C();
    print.update(payload);
    if (item.id() != null) {
      byte[] id = item.id().getBytes(StandardCharsets.UTF_8);
      sha.update(id);
      print.update(id);
    }
    return (byte) print.getValue();
  }

  /** Of all that was taken in. */
  String hex() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) sha.clone()).digest(), 0, 16);
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
