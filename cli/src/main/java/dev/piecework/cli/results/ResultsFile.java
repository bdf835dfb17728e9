package dev.piecework.cli.results;

import dev.piecework.ItemView;
import dev.piecework.Result;
import dev.piecework.cli.input.ByteRecords;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.process.FileResult;
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
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Results as JSON lines in a file, or as CSV in one of that name: written, synced, and only then
 * forgotten by Redis. A file that is continued loses a torn last line, and takes no item of the
 * same run twice.
 */
public final class ResultsFile implements ResultSink {

  /** The name under which a run notes where its results go; empty for its standard output. */
  public static final String NOTE = "results";

  private static final String HEADER = ResultText.CSV_FILE_HEADER;

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
  private final boolean csv;
  private boolean headed;
  private AttemptFacts facts = AttemptFacts.NONE;

  private ResultsFile(Path path, String run, FileChannel channel, long openedMillis) {
    this.path = path;
    this.run = run;
    this.openedMillis = openedMillis;
    this.csv = isCsv(path);
    this.channel = channel;
    this.regular = Files.isRegularFile(path);
    this.large = new LargeResults(folder(path));
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
  }

  /** Whether its name says that it is to be CSV. */
  public static boolean isCsv(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
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

    /** Where it is, for whoever looks for it later. */
    public String path() {
      return path.toAbsolutePath().normalize().toString();
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
        file.headed = file.settledAt > 0;
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
    long deadFrom = 0;
    for (byte[] row = next(lines); row != null; row = next(lines)) {
      if (end + row.length >= channel.size()) {
        terminal.say(path + ": cut a torn last line");
        break;
      }
      boolean deadOfThisRun = note(row, lines.count());
      end += row.length + 1;
      deadFrom = deadOfThisRun ? deadFrom : end;
    }
    // Those that are dead still come again at the end, others may be tried once more.
    channel.truncate(deadFrom);
    channel.position(deadFrom);
  }

  /** A record of CSV may have several lines. */
  private byte @Nullable [] next(ByteRecords lines) throws IOException {
    byte[] row = lines.next();
    if (row == null) {
      return null;
    }
    boolean open = csv && WrittenRow.leavesQuoteOpen(row);
    while (open) {
      byte[] more = lines.next();
      if (more == null) {
        break; // torn
      }
      byte[] all = Arrays.copyOf(row, row.length + 1 + more.length);
      all[row.length] = '\n';
      System.arraycopy(more, 0, all, row.length + 1, more.length);
      row = all;
      open ^= WrittenRow.leavesQuoteOpen(more);
    }
    return row;
  }

  /** Answers whether it is about a dead item of the run that is continued. */
  private boolean note(byte[] line, long number) {
    if (csv && number == 1 && new String(line, StandardCharsets.UTF_8).equals(HEADER)) {
      return false;
    }
    WrittenRow row = !csv ? WrittenRow.ofJson(line) : number == 1 ? null : WrittenRow.ofCsv(line);
    if (row == null) {
      throw notOurs(number);
    }
    if (row.resultFile() != null) {
      large.isNamed(row.resultFile());
    }
    // Ids are counted anew in each run.
    boolean ours = row.run().equals(run);
    if (ours && !row.dead()) {
      boolean _ = ids.add(row.id());
    }
    return ours && row.dead();
  }

  private Refusal notOurs(long number) {
    return Refusal.usage(
        path + ": line " + number + " is no result of piecework; nothing was written to this file");
  }

  /** Also asks this what is known of an attempt. */
  public ResultsFile withFacts(AttemptFacts known) {
    facts = known;
    return this;
  }

  @Override
  public void accept(Result result) {
    if (!ids.add(result.id())) {
      // Written, but not forgotten by Redis before an earlier process died; or, when it was begun
      // since, done again, because Redis had lost that it was done.
      again += result.started().toEpochMilli() >= openedMillis ? 1 : 0;
      return;
    }
    AttemptFacts.Fact fact = facts.of(result.id(), result.attempt());
    Function<FileResult, String> shown = file -> large.shown(result.id(), file);
    add(
        csv
            ? ResultText.csv(result, shown, fact) + "," + run
            : ResultText.json(result, run, shown, fact));
    written++;
  }

  @Override
  public void dead(ItemView item) {
    AttemptFacts.Fact fact = facts.of(String.valueOf(item.id()), item.attempts().begun());
    add(csv ? ResultText.csv(item, fact) + "," + run : ResultText.json(item, run, fact));
  }

  private void add(String row) {
    write(() -> {
      if (csv && !headed) {
        out.write((HEADER + "\n").getBytes(StandardCharsets.UTF_8));
        headed = true;
      }
      out.write(row.getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    });
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
