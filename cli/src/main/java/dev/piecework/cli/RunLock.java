package dev.piecework.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Two {@code run}s of one name on one machine would read and write the same files. */
final class RunLock implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @param name tells this run's queue from every other of this user
   */
  static RunLock take(Path stateFolder, String queue, String name) throws IOException {
    Path folder = stateFolder.resolve("runs");
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = folder.resolve(name + ".lock");
    while (true) {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        String pid = holder(channel);
        channel.close();
        throw Refusal.usage(
            "queue '" + queue + "' is being run already" + pid + "; nothing was changed");
      }
      // Its holder may have removed it between our opening and our locking it.
      if (Files.exists(file) && isSame(file, channel)) {
        return new RunLock(file, channel);
      }
      channel.close();
    }
  }

  /** Writes who we are through the channel, and looks for it under the name. */
  private static boolean isSame(Path file, FileChannel channel) throws IOException {
    byte[] mine = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
    channel.truncate(0);
    int unused = channel.write(ByteBuffer.wrap(mine), 0);
    try {
      return java.util.Arrays.equals(Files.readAllBytes(file), mine);
    } catch (java.nio.file.NoSuchFileException removed) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    int read = channel.read(text, 0);
    return read < 2
        ? ""
        : " by process " + new String(text.array(), 0, read, StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      channel.close();
    }
  }
}
