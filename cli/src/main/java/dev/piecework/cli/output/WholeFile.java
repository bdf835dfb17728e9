package dev.piecework.cli.output;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where a file goes that is written at once. It is written beside that place and renamed, so that
 * what is there is whole: what was there before, or all of this.
 */
public record WholeFile(Path path) {

  /**
   * Looks whether it can be there, before what takes hours.
   *
   * @param option by which it was named
   * @throws Refusal when it cannot
   */
  public void check(String option) {
    Path folder = folder();
    if (Files.isDirectory(path)) {
      throw Refusal.usage(option + " " + path + ": this is a folder");
    }
    if (!Files.isDirectory(folder)) {
      throw Refusal.usage(option + " " + path + ": there is no folder " + folder);
    }
    if (!Files.isWritable(isSpecial() ? path : folder)) {
      throw Refusal.usage(option + " " + path + ": it may not be written");
    }
  }

  /**
   * Writes it.
   *
   * @param what it is, for people
   * @throws Refusal when the disk is full, or the like
   */
  public void write(String what, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      if (isSpecial()) {
        Files.write(path, bytes, StandardOpenOption.WRITE);
        return;
      }
      String name = "." + path.getFileName() + "." + ProcessHandle.current().pid();
      Path beside = folder().resolve(name);
      try {
        Files.write(beside, bytes);
        try (FileChannel written = FileChannel.open(beside, StandardOpenOption.WRITE)) {
          written.force(true);
        }
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException full) {
      String why = full instanceof NoSuchFileException ? "its folder is gone" : full.getMessage();
      throw new Refusal(
          ExitCode.CANNOT_WRITE, "cannot write " + what + " " + path + ": " + why, full);
    }
  }

  private Path folder() {
    Path folder = path.toAbsolutePath().getParent();
    return folder == null ? path.toAbsolutePath() : folder;
  }

  /** A pipe or a device is written to, and not replaced. */
  private boolean isSpecial() {
    return Files.exists(path) && !Files.isRegularFile(path);
  }
}
