package dev.piecework.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The append-only file of the shared server: whether it can be read, and what to do if not. */
final class AppendOnlyData {
  private static final String SINGLE = "appendonly.aof";
  private static final String SINCE_7 = "appendonlydir";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneId.systemDefault());

  private final StateFolder folder;
  private final RedisBinary binary;
  private final InstantSource clock;

  /**
   * @param clock gives copies their names
   */
  AppendOnlyData(StateFolder folder, RedisBinary binary, InstantSource clock) {
    this.folder = folder;
    this.binary = binary;
    this.clock = clock;
  }

  /** Redis 6 does not look into the folder that Redis 7 writes: it would come up empty. */
  void refuseNewer() {
    if (Files.isDirectory(folder.data().resolve(SINCE_7))) {
      RedisBinary.Version version = binary.version();
      if (version.major() < 7) {
        throw new RedisServerException(
            "the data in "
                + folder.data()
                + " was written by Redis 7 or later, and "
                + binary.path()
                + " ("
                + binary.origin()
                + ") is "
                + version
                + ", which cannot read it: install that Redis again, or name it in "
                + RedisBinary.VARIABLE);
      }
    }
  }

  /** What to say if the server has just found its file cut short, and cut it back. */
  Optional<String> noticeOfCutTail() {
    return RedisLog.find(folder.log(), "!!! Truncating the AOF")
        .map(line ->
            "the embedded Redis found its append-only file in "
                + folder.data()
                + " cut short, as by a crash, and repaired it: the last unfinished write was"
                + " dropped");
  }

  /**
   * Closes the holes in the file, or cuts it before the damage, after a copy was made.
   *
   * @return what was done, in one line
   */
  String repair() throws IOException {
    Path damaged = damagedFile();
    long before = size();
    Path copy = folder.path().resolve("data-damaged-" + STAMP.format(clock.instant()));
    Folders.copy(folder.data(), copy);
    AofChecker checker = new AofChecker(binary, folder.path());
    long holes = new AppendOnlyHoles(checker).close(folder.data());
    if (!checker.fix(damaged)) {
      throw new RedisServerException(
          "the append-only file "
              + damaged
              + " is damaged and redis-check-aof cannot repair it; a copy is in "
              + copy
              + "; move "
              + folder.data()
              + " away to begin empty");
    }
    long cut = before - size() - holes;
    String closed =
        holes == 0 ? "" : "a full disk had left a hole of " + holes + " bytes, which was closed";
    String lost = cut == 0 ? "" : "the " + cut + " bytes from the damage on were cut off";
    return "the append-only file "
        + damaged
        + " was damaged: "
        + closed
        + (holes > 0 && cut > 0 ? "; " : "")
        + lost
        + "; the damaged file is kept in "
        + copy;
  }

  private Path damagedFile() throws IOException {
    Path since7 = folder.data().resolve(SINCE_7);
    if (!Files.isDirectory(since7)) {
      return folder.data().resolve(SINGLE);
    }
    try (Stream<Path> files = Files.list(since7)) {
      return files
          .filter(file -> file.toString().endsWith(".manifest"))
          .findFirst()
          .orElseThrow(() -> new IOException("no manifest in " + since7));
    }
  }

  private long size() throws IOException {
    try (Stream<Path> all = Files.walk(folder.data())) {
      long sum = 0;
      for (Path path :
          all.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList()) {
        sum += Files.size(path);
      }
      return sum;
    }
  }
}
