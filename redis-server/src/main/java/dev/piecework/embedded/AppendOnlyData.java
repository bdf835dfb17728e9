package dev.piecework.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The append-only file of the shared server: whether it can be read, and what to do if not. */
final class AppendOnlyData {
  private static final String SINGLE = "appendonly.aof";
  private static final String SINCE_7 = "appendonlydir";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final StateFolder folder;
  private final RedisBinary binary;

  AppendOnlyData(StateFolder folder, RedisBinary binary) {
    this.folder = folder;
    this.binary = binary;
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
   * Cuts the file before the damage, after a copy was made.
   *
   * @return what was done, in one line
   */
  String repair() throws IOException {
    Path damaged = damagedFile();
    long before = size();
    Path copy =
        folder
            .path()
            .resolve("data-damaged-" + LocalDateTime.now(ZoneId.systemDefault()).format(STAMP));
    Folders.copy(folder.data(), copy);
    if (!runCheck(damaged)) {
      throw new RedisServerException(
          "the append-only file "
              + damaged
              + " is damaged and redis-check-aof cannot repair it; a copy is in "
              + copy
              + "; move "
              + folder.data()
              + " away to begin empty");
    }
    return "the append-only file "
        + damaged
        + " was damaged: the "
        + (before - size())
        + " bytes from the damage on were cut off; the damaged file is kept in "
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

  private boolean runCheck(Path damaged) throws IOException {
    Path link = Files.createTempDirectory(folder.path(), "check-");
    try {
      List<String> command = new ArrayList<>();
      // The server program is the checker too, under that name.
      boolean valkey = binary.path().getFileName().toString().contains("valkey");
      Path checker = link.resolve(valkey ? "valkey-check-aof" : "redis-check-aof");
      Files.createSymbolicLink(checker, binary.path());
      command.addAll(List.of(checker.toString(), "--fix", damaged.toString()));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.empty(folder.path().resolve("check-aof.log")).toFile())
              .start();
      try (OutputStream answers = process.getOutputStream()) {
        answers.write("y\ny\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // It did not ask: its exit status says how it went.
      }
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisServerException("interrupted while repairing " + damaged, e);
    } finally {
      Folders.remove(link);
    }
  }
}
