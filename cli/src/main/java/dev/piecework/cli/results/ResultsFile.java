package dev.piecework.cli.results;

import dev.piecework.Result;
import dev.piecework.cli.input.ByteRecords;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Results as JSON lines in a file: written, synced, and only then forgotten by Redis. A file that
 * is continued loses a torn last line, and takes no item of the same run twice.
 */
public final class ResultsFile implements ResultSink {

  private final Path path;
  private final String run;
  private final FileChannel channel;
  private final OutputStream out;
  private final boolean regular;
  private final IdSet ids = new IdSet();
  private final LargeResults large;
  private final long openedMillis;
  private long written;
  private long again;
  private long settledAt;
  private boolean broken;

  private ResultsFile(Path path, String run, FileChannel channel, long openedMillis) {
    this.path = path;
    this.run = run;
    this.openedMillis = openedMillis;
    this.channel = channel;
    this.regular = Files.isRegularFile(path);
    this.large = new LargeResults(folder(path));
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
  }

  /** Says what is wrong with the name before anything is begun. */
  public static void check(Path path) {
    check("results file", path);
  }

  /**
   * The same of another file that grows line by line.
   *
   * @param what it is
   */
  public static void check(String what, Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (Files.isDirectory(path)) {
      throw Refusal.usage(what + " " + path + " is a folder");
    }
    if (folder != null && !Files.isDirectory(folder)) {
      throw Refusal.usage(what + " " + path + ": there is no folder " + folder);
    }
    if (Files.exists(path)
        ? !Files.isWritable(path)
        : folder != null && !Files.isWritable(folder)) {
      throw Refusal.usage(what + " " + path + " cannot be written");
    }
  }

  /**
   * Whether results may be files beside it: it is one itself, or will be, and not in memory or a
   * name for what is open ({@code /dev/shm}, {@code /dev/stdout}).
   */
  public static boolean mayHaveFolder(Path path) {
    Path file = path.toAbsolutePath().normalize();
    boolean device = file.startsWith("/dev") || file.startsWith("/proc");
    return !device && (Files.isRegularFile(path) || !Files.exists(path));
  }

  /** Where results that are files of their own go. */
  public static Path folder(Path path) {
    Path file = path.toAbsolutePath();
    return file.resolveSibling(file.getFileName() + ".d");
  }

  /**
   * @param continued keep what is there; else it is overwritten
   * @param run the run whose results come now
   */
  public static ResultsFile open(Path path, boolean continued, String run, Terminal terminal)
      throws IOException {
    try (Claim claim = claim(path)) {
      return claim.begin(continued, run, terminal);
    }
  }

  /** The file for this process alone, in which nothing is changed before it is begun. */
  public static Claim claim(Path path) throws IOException {
    check(path);
    boolean isNew = !Files.exists(path);
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (Files.isRegularFile(path)) {
        lock(path, channel);
      }
      return new Claim(path, channel, isNew);
    } catch (IOException | RuntimeException | Error failed) {
      channel.close();
      throw failed;
    }
  }

  /** A file that nobody else writes to. */
  public static final class Claim implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final boolean isNew;
    private boolean begun;

    private Claim(Path path, FileChannel channel, boolean isNew) {
      this.path = path;
      this.channel = channel;
      this.isNew = isNew;
    }

    /**
     * As {@link ResultsFile#open}. From now on it is the answer that is to be closed, unless this
     * fails.
     */
    public ResultsFile begin(boolean continued, String run, Terminal terminal) throws IOException {
      ResultsFile file = new ResultsFile(path, run, channel, InstantSource.system().millis());
      if (file.regular) {
        if (continued) {
          file.readWhatIsThere(terminal);
          file.forLarge(LargeResults::removePartial);
        } else {
          channel.truncate(0);
          file.forLarge(LargeResults::removeAll);
        }
        file.settledAt = channel.position();
      }
      begun = true;
      return file;
    }

    /** Leaves everything as it was, if it was not begun. */
    @Override
    public void close() throws IOException {
      if (begun) {
        return;
      }
      if (isNew && Files.isRegularFile(path) && channel.size() == 0) {
        Files.deleteIfExists(path);
      }
      channel.close();
    }
  }

  private interface Removing {
    void from(LargeResults large) throws IOException;
  }

  private void forLarge(Removing what) throws IOException {
    if (regular && mayHaveFolder(path)) {
      what.from(large);
    }
  }

  private static void lock(Path path, FileChannel channel) throws IOException {
    boolean ours;
    try {
      ours = channel.tryLock() != null;
    } catch (OverlappingFileLockException twice) {
      ours = false;
    }
    if (!ours) {
      throw Refusal.usage("another process is writing to " + path);
    }
  }

  private void readWhatIsThere(Terminal terminal) throws IOException {
    ByteRecords lines =
        new ByteRecords(Channels.newInputStream(channel), (byte) '\n', Integer.MAX_VALUE - 64);
    long end = 0;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      if (end + line.length >= channel.size()) {
        terminal.say(path + ": cut a torn last line");
        break;
      }
      note(line, lines.count());
      end += line.length + 1;
    }
    channel.truncate(end);
    channel.position(end);
  }

  private void note(byte[] line, long number) {
    String id = null;
    String ofRun = "";
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notOurs(number, null);
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("id") && value == JsonToken.VALUE_STRING) {
          id = parser.getString();
        } else if (name.equals("resultFile") && value == JsonToken.VALUE_STRING) {
          large.isNamed(parser.getString());
        } else if (name.equals("run") && value == JsonToken.VALUE_STRING) {
          ofRun = parser.getString();
        }
        parser.skipChildren();
      }
    } catch (JacksonException broken) {
      throw notOurs(number, broken);
    }
    if (id == null) {
      throw notOurs(number, null);
    }
    // Ids are counted anew in each run.
    if (ofRun.equals(run)) {
      boolean _ = ids.add(id);
    }
  }

  private Refusal notOurs(long number, @Nullable Throwable cause) {
    String message =
        path + ": line " + number + " is no result of piecework; nothing was written to this file";
    return cause == null ? Refusal.usage(message) : Refusal.usage(message, cause);
  }

  @Override
  public void accept(Result result) {
    if (!ids.add(result.id())) {
      // Written, but not forgotten by Redis before an earlier process died; or, when it was begun
      // since, done again, because Redis had lost that it was done.
      again += result.started().toEpochMilli() >= openedMillis ? 1 : 0;
      return;
    }
    String line = ResultText.json(result, run, file -> large.shown(result.id(), file));
    write(() -> {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    });
    written++;
  }

  /** What is written to a disk; a full one is the usual reason why it is not. */
  private interface Writing {
    void write() throws IOException;
  }

  private void write(Writing what) {
    try {
      what.write();
    } catch (IOException full) {
      broken = true;
      cutToWhatIsSafe(full);
      throw new Refusal(
          ExitCode.CANNOT_WRITE,
          "cannot write to results file " + path + ": " + full.getMessage(),
          full);
    }
  }

  // Half a line would be in the way of whatever comes after it.
  private void cutToWhatIsSafe(IOException full) {
    try {
      if (regular) {
        channel.truncate(settledAt);
      }
    } catch (IOException too) {
      full.addSuppressed(too);
    }
  }

  @Override
  public void settle() {
    write(() -> {
      out.flush();
      if (regular) {
        channel.force(false);
        settledAt = channel.position();
      }
    });
  }

  /** Nothing will be committed any more: large results that no line names are of lost leases. */
  public void removeWhatNobodyCommitted() throws IOException {
    if (!broken) {
      forLarge(LargeResults::removeAllButTheNamed);
    }
  }

  /** Lines that this object has added. */
  public long written() {
    return written;
  }

  /** Results that came again, after Redis had lost that they were done. */
  public long again() {
    return again;
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (!broken) {
        write(out::flush);
      }
    }
  }
}
