package dev.piecework.cli.run;

import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Two {@code run}s of one name on one machine would read and write the same files. One file serves
 * all names, a byte of it each: there is nothing to remove, and the system lets go of it when we
 * die. (The file must not be opened a second time by this process: closing that would unlock it.)
 */
final class RunLock implements AutoCloseable {

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @param place tells this queue in this Redis from every other; its byte in the file
   */
  static RunLock take(Path stateFolder, String queue, long place) throws IOException {
    Files.createDirectories(
        stateFolder,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel channel =
        FileChannel.open(
            stateFolder.resolve("runs.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock(place, 1, false) == null) {
      channel.close();
      throw Refusal.usage(
          "queue '"
              + queue
              + "' is being run already on this machine (piecework status "
              + queue
              + "); nothing was changed");
    }
    return new RunLock(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
