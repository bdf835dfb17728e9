package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the first bytes of a program or library say, by the ELF specification. */
final class Elf {

  /** Up to and with {@code e_machine}. */
  private static final int HEADER = 20;

  private Elf() {}

  /**
   * For which kind of machine a file is.
   *
   * @return as Docker calls it, such as {@code arm64}; null when it is no program of ELF's, and so
   *     runs anywhere or nowhere
   */
  static @Nullable String machine(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(HEADER);
    }
    if (start.length < HEADER
        || start[0] != 0x7f
        || start[1] != 'E'
        || start[2] != 'L'
        || start[3] != 'F') {
      return null;
    }
    boolean littleEndian = start[5] == 1;
    int machine =
        Byte.toUnsignedInt(start[littleEndian ? 18 : 19])
            + 256 * Byte.toUnsignedInt(start[littleEndian ? 19 : 18]);
    return switch (machine) {
      case 3 -> "386";
      case 40 -> "arm";
      case 62 -> "amd64";
      case 183 -> "arm64";
      case 21 -> littleEndian ? "ppc64le" : "ppc64";
      case 22 -> "s390x";
      case 243 -> "riscv64";
      default -> "machine " + machine;
    };
  }
}
