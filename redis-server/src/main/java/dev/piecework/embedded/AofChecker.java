package dev.piecework.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** redis-check-aof: the server program is that too, under this name. */
final class AofChecker {
  private static final Pattern GOOD = Pattern.compile("ok_up_to=(\\d+)");

  private final RedisBinary binary;
  private final Path scratch;

  /**
   * One for the files of this program.
   *
   * @param scratch a folder in which it may make one of its own for a while
   */
  AofChecker(RedisBinary binary, Path scratch) {
    this.binary = binary;
    this.scratch = scratch;
  }

  /** Cuts a file, or what a manifest names, before the damage; false if it cannot. */
  boolean fix(Path file) throws IOException {
    return run("--fix", file.toString()).good();
  }

  /** Where the damage of this one file begins; empty if there is none. */
  OptionalLong damage(Path file) throws IOException {
    Run run = run(file.toString());
    Matcher upTo = GOOD.matcher(run.said);
    return !run.good && upTo.find()
        ? OptionalLong.of(Long.parseLong(upTo.group(1)))
        : OptionalLong.empty();
  }

  private record Run(boolean good, String said) {}

  private Run run(String... arguments) throws IOException {
    Path own = Files.createTempDirectory(scratch, "check-");
    try {
      boolean valkey = binary.path().getFileName().toString().contains("valkey");
      Path checker = own.resolve(valkey ? "valkey-check-aof" : "redis-check-aof");
      Files.createSymbolicLink(checker, binary.path());
      List<String> command = new ArrayList<>();
      command.add(checker.toString());
      command.addAll(List.of(arguments));
      Path said = own.resolve("said");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try (OutputStream answers = process.getOutputStream()) {
        answers.write("y\ny\n".getBytes(US_ASCII));
      } catch (IOException e) {
        // It did not ask: its exit status says how it went.
      }
      boolean good = process.waitFor() == 0;
      return new Run(good, Files.readString(said, java.nio.charset.StandardCharsets.ISO_8859_1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisServerException("interrupted while checking append-only files", e);
    } finally {
      Folders.remove(own);
    }
  }
}
