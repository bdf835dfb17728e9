package dev.piecework.drill.history;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.piecework.CallListener;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What one client does, as it does it: a line before each call and a line after it, in a file of
 * its own. A line is with the kernel before the call is made, so it survives the client's SIGKILL.
 *
 * <p>Times are {@link System#nanoTime}, which all processes of one machine share on Linux.
 */
public final class HistoryFile implements CallListener, AutoCloseable {

  // No channel: an interrupt of whoever writes would close it.
  private final FileOutputStream file;
  private long calls;

  private HistoryFile(FileOutputStream file) {
    this.file = file;
  }

  /** Begins a file, which must not be there yet. */
  public static HistoryFile create(Path path) {
    try {
      return new HistoryFile(new FileOutputStream(Files.createFile(path).toFile(), true));
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot begin the history " + path, failed);
    }
  }

  @Override
  public Answered calling(Call call) {
    StringBuilder line = new StringBuilder(256);
    long number = begin(line, "call", 0);
    line.append('\t').append(call.script());
    line.append('\t').append(String.join(" ", call.names()));
    call.arguments().forEach(argument -> Wire.write(line, argument));
    append(line);
    return new Answered() {
      @Override
      public void answered(List<?> reply) {
        StringBuilder answer = new StringBuilder(256);
        begin(answer, "answer", number);
        reply.forEach(part -> Wire.write(answer, part));
        append(answer);
      }

      @Override
      public void failed(boolean mayHaveRun, String why) {
        StringBuilder answer = new StringBuilder(128);
        begin(answer, mayHaveRun ? "unknown" : "refused", number);
        Wire.write(answer, why);
        append(answer);
      }
    };
  }

  /** An item was given to a handler. */
  public void handled(String id, long token) {
    StringBuilder line = new StringBuilder(64);
    begin(line, "handled", 0);
    Wire.write(line, id);
    Wire.write(line, token);
    append(line);
  }

  // The number of a new call where none is given.
  private synchronized long begin(StringBuilder line, String what, long number) {
    long n = number > 0 ? number : ++calls;
    line.append(what).append('\t').append(n).append('\t').append(System.nanoTime());
    return n;
  }

  private synchronized void append(StringBuilder line) {
    try {
      file.write(line.append('\n').toString().getBytes(US_ASCII));
    } catch (IOException failed) {
      // What is not recorded cannot be proved: better no client than one without a history.
      throw new UncheckedIOException("cannot write the history", failed);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
