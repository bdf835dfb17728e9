package dev.piecework.cli.kept;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The folder of each item within another: by its id; with more than 10,000 items in groups, for no
 * folder is pleasant with a million entries.
 *
 * <p>An id that was counted is in the group of its ten thousand: {@code 10001+/12345}. Those that
 * were given are counted as they come, and what comes late is in a group by its checksum: {@code
 * +3fa/ID}. No name of an item has a plus sign.
 */
final class ItemFolders {

  private static final int MOST = 10_000;

  /** A name has 255 bytes at most. */
  private static final int LONGEST = 200;

  private final Path folder;
  private int given;

  private ItemFolders(Path folder, int given) {
    this.folder = folder;
    this.given = given;
  }

  /** Looks at what is there already. */
  static ItemFolders in(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return new ItemFolders(folder, (int) entries.limit(MOST).count());
    }
  }

  /** Where this item's folder is, or will be. */
  Path of(String id) {
    String name = name(id);
    boolean counted = !id.isEmpty() && id.length() <= 18 && id.chars().allMatch(ItemFolders::digit);
    if (counted) {
      long number = Long.parseLong(id);
      return number <= MOST
          ? folder.resolve(name)
          : folder.resolve((number - 1) / MOST * MOST + 1 + "+").resolve(name);
    }
    Path flat = folder.resolve(name);
    synchronized (this) {
      if (Files.exists(flat)) {
        return flat;
      }
      if (given < MOST) {
        given++;
        return flat;
      }
    }
    CRC32 sum = new CRC32();
    sum.update(id.getBytes(StandardCharsets.UTF_8));
    return folder
        .resolve(String.format(Locale.ROOT, "+%03x", sum.getValue() & 0xfff))
        .resolve(name);
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  /** An id as a name: what is unusual there as in a URL; a very long one with its digest. */
  static String name(String id) {
    if (id.isEmpty()) {
      return "%";
    }
    StringBuilder name = new StringBuilder();
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      boolean usual = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
      if (usual || (c == '.' && !name.isEmpty())) {
        name.append(c);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return name.length() <= LONGEST
        ? name.toString()
        : name.substring(0, LONGEST - 20) + "%" + digest(bytes);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
    } catch (NoSuchAlgorithmException never) { // every Java has it
      throw new IllegalStateException(never);
    }
  }
}
