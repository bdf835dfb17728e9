package dev.piecework.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Says that somebody uses the server: while it is open, the guard does not stop the server. The
 * system closes it when this process dies, however it dies.
 */
record UsageHandle(FileChannel pipe) implements AutoCloseable {

  /** Opens the pipe, unless it is gone: that server is about to stop, or has. */
  static Optional<UsageHandle> open(StateFolder folder, ServerState state, Duration idle)
      throws IOException {
    FileChannel pipe;
    try {
      // For reading too, which is never done: opened for writing alone it would wait for a reader.
      pipe =
          FileChannel.open(
              folder.usagePipe(state.generation()),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    UsageHandle handle = new UsageHandle(pipe);
    try {
      handle.say("use " + Guard.seconds(idle));
      // Only after the pipe is open: the guard removes this file before its last look at the pipe.
      if (Files.exists(folder.open(state.generation()))) {
        return Optional.of(handle);
      }
    } catch (IOException | RuntimeException e) {
      handle.close();
      throw e;
    }
    handle.close();
    return Optional.empty();
  }

  /** Tells the guard that the server answered: should it die now, it is worth another start. */
  void sayUp() throws IOException {
    say("up");
  }

  private void say(String line) throws IOException {
    pipe.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void close() throws IOException {
    pipe.close();
  }
}
