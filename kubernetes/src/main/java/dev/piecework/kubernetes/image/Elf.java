package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What programs and libraries say of themselves, by the ELF specification. */
final class Elf {

  /** Up to and with {@code e_machine}. */
  private static final int HEADER = 20;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;

  private static final Pattern SYMBOLS_OF = Pattern.compile("GLIBC_2\\.(\\d{1,3})");

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
    if (!isElf(start)) {
      return null;
    }
    boolean littleEndian = start[5] == 1;
    int machine =
        ByteBuffer.wrap(start)
            .order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
            .getShort(18);
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

  private static boolean isElf(byte[] start) {
    return start.length >= HEADER
        && start[0] == 0x7f
        && start[1] == 'E'
        && start[2] == 'L'
        && start[3] == 'F';
  }

  /**
   * The libraries that the loader looks for when it loads this one, such as {@code libz.so.1}; none
   * of what is no ELF of 64 bits and little-endian, as all machines here are.
   */
  static Set<String> needed(Path file) throws IOException {
    Set<String> names = new TreeSet<>();
    byte[] bytes = Files.readAllBytes(file);
    if (!isElf(bytes) || bytes[4] != 2 || bytes[5] != 1) {
      return names;
    }
    ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int dynamic = segment(elf, PT_DYNAMIC, 0);
    if (dynamic < 0) {
      return names;
    }
    int from = (int) elf.getLong(dynamic + 8);
    int to = from + (int) elf.getLong(dynamic + 32);
    long strings = -1;
    for (int at = from; at < to; at += 16) {
      strings = elf.getLong(at) == DT_STRTAB ? elf.getLong(at + 8) : strings;
    }
    int load = segment(elf, PT_LOAD, strings);
    if (load < 0) {
      return names;
    }
    int table = (int) (strings - elf.getLong(load + 16) + elf.getLong(load + 8));
    for (int at = from; at < to; at += 16) {
      if (elf.getLong(at) == DT_NEEDED) {
        int start = table + (int) elf.getLong(at + 8);
        int end = start;
        while (elf.get(end) != 0) {
          end++;
        }
        names.add(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
      }
    }
    return names;
  }

  /** Where the first program header of this kind is that has this address; -1 for none. */
  private static int segment(ByteBuffer elf, int kind, long address) {
    int header = (int) elf.getLong(32);
    int size = elf.getShort(54);
    for (int i = 0; i < elf.getShort(56); i++, header += size) {
      long from = elf.getLong(header + 16);
      if (elf.getInt(header) == kind
          && (kind != PT_LOAD || (address >= from && address < from + elf.getLong(header + 32)))) {
        return header;
      }
    }
    return -1;
  }

  /**
   * The newest version 2.x of glibc whose symbols are named in it: of a C library what it is, of
   * all else what it needs; -1 for none.
   */
  static int glibc(byte[] file) {
    return SYMBOLS_OF
        .matcher(new String(file, StandardCharsets.ISO_8859_1))
        .results()
        .map((MatchResult found) -> Integer.parseInt(found.group(1)))
        .max(Integer::compare)
        .orElse(-1);
  }
}
