package dev.piecework.cli.kept;

import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandListener;
import dev.piecework.worker.process.CommandRecord;
import dev.piecework.worker.process.StartedCommand;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;

/**
 * The job log of GNU parallel: a line for each attempt, written at once, so that it can be read
 * while it grows.
 *
 * <p>Written by a stream and not by a channel, which an interrupt of the slot would close.
 */
final class Joblog implements CommandListener, AutoCloseable {

  private static final byte[] HEADER =
      "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final RandomAccessFile file;
  private final OutputStream out;
  private final boolean regular;
  private final boolean isNew;
  private final InstantSource clock = InstantSource.system();
  private byte[] program = {};
  private long lines;
  private long safe;
  private boolean begun;

  private Joblog(Path path, boolean isNew) throws IOException {
    this.path = path;
    this.isNew = isNew;
    this.file = new RandomAccessFile(path.toFile(), "rw");
    this.out = new FileOutputStream(path.toFile(), true);
    this.regular = Files.isRegularFile(path);
  }

  /** The file for this process alone, in which nothing is changed before it is begun. */
  static Joblog open(Path path) throws IOException {
    ResultsFile.check("joblog", path);
    Joblog log = new Joblog(path, !Files.exists(path));
    try {
      if (log.regular && log.file.getChannel().tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      return log;
    } catch (OverlappingFileLockException twice) {
      log.close();
      throw Refusal.usage("another process is writing to " + path, twice);
    }
  }

  /**
   * From now on it is written.
   *
   * @param continued keep what is there, but for a line that was cut; else it is overwritten
   * @param typed the command, as it was typed
   */
  void begin(boolean continued, String typed, Terminal terminal) throws IOException {
    program = typed.getBytes(StandardCharsets.UTF_8);
    if (regular && continued) {
      mend(terminal);
    } else if (regular) {
      file.setLength(0);
    }
    begun = true;
    if (safe == 0) {
      write(HEADER);
    }
  }

  private void mend(Terminal terminal) throws IOException {
    byte[] head = new byte[HEADER.length];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      int length = in.readNBytes(head, 0, head.length);
      boolean ours = Arrays.equals(head, 0, length, HEADER, 0, length);
      if (!ours) {
        throw Refusal.usage(path + " is no joblog: its first line is not the header of one");
      }
      safe = length == HEADER.length ? length : 0;
      long at = length;
      for (int one = in.read(); one >= 0; one = in.read()) {
        at++;
        if (one == '\n') {
          safe = at;
          lines++;
        }
      }
      if (at > safe) {
        terminal.say(path + ": cut a torn last line");
        file.setLength(safe);
      }
    }
  }

  @Override
  public CommandRecord started(StartedCommand command) {
    long millis = clock.millis();
    return new CommandRecord() {
      private long bytes;

      @Override
      public void printed(byte[] piece, int length) {
        bytes += length;
      }

      @Override
      public void ended(End end) throws IOException {
        if (!end.givenBack()) {
          for (Attempt attempt : command.attempts()) {
            add(attempt, line(command, millis, bytes, end));
          }
        }
      }
    };
  }

  /** All of the line but its first column. */
  private byte[] line(StartedCommand command, long millis, long printed, CommandRecord.End end) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(
        String.format(
                Locale.ROOT,
                "\t:\t%.3f\t%10.3f\t%d\t%d\t%d\t%d\t",
                millis / 1000.0,
                end.took().toMillis() / 1000.0,
                command.stdin(),
                printed,
                end.signal() == 0 ? end.exitCode() : 0,
                end.signal())
            .getBytes(StandardCharsets.US_ASCII));
    int begin = line.size();
    quote(line, program);
    command.arguments().stream()
        .skip(1)
        .forEach(word -> {
          line.write(' ');
          quote(line, word);
        });
    line.write('\n');
    byte[] all = line.toByteArray();
    // As GNU parallel has it: a newline would end the line.
    for (int i = begin; i < all.length - 1; i++) {
      all[i] = all[i] == '\n' ? 0 : all[i];
    }
    return all;
  }

  /** As GNU parallel quotes an argument for a shell. */
  private static void quote(ByteArrayOutputStream line, byte[] word) {
    boolean plain = word.length > 0;
    for (byte one : word) {
      boolean letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
      plain &= letter || (one >= '0' && one <= '9') || "-_.+/".indexOf(one) >= 0;
    }
    if (plain) {
      line.writeBytes(word);
      return;
    }
    line.write('\'');
    for (byte one : word) {
      if (one == '\'') {
        line.writeBytes("'\"'\"'".getBytes(StandardCharsets.US_ASCII));
      } else {
        line.write(one);
      }
    }
    line.write('\'');
  }

  private synchronized void add(Attempt attempt, byte[] rest) throws IOException {
    String id = attempt.id();
    boolean counted =
        !id.isEmpty() && id.length() <= 18 && id.chars().allMatch(c -> c >= '0' && c <= '9');
    byte[] number = (counted ? id : Long.toString(lines + 1)).getBytes(StandardCharsets.US_ASCII);
    byte[] line = Arrays.copyOf(number, number.length + rest.length);
    System.arraycopy(rest, 0, line, number.length, rest.length);
    write(line);
    lines++;
  }

  private void write(byte[] line) throws IOException {
    try {
      out.write(line);
      safe += line.length;
    } catch (IOException full) {
      cut(full);
      throw new IOException("cannot write to joblog " + path + ": " + full.getMessage(), full);
    }
  }

  // Half a line would be in the way of whatever comes after it.
  private void cut(IOException full) {
    try {
      if (regular) {
        file.setLength(safe);
      }
    } catch (IOException too) {
      full.addSuppressed(too);
    }
  }

  /** Leaves everything as it was, if it was not begun. */
  @Override
  public void close() throws IOException {
    try (file;
        out) {
      if (isNew && !begun && regular) {
        Files.deleteIfExists(path);
      }
    }
  }
}
