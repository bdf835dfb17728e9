package dev.piecework.cli.kept;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandPlaces;
import dev.piecework.worker.process.PlacedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The folders that commands run in, and put what is temporary in. What an item says becomes one
 * name of a folder, whatever it is: nothing outside is made or removed.
 */
final class WorkFolders implements CommandPlaces {

  private final @Nullable PlacedText work;
  private final boolean clean;
  private final @Nullable Path folder;
  private final @Nullable Path temporary;
  private final Consumer<Refusal> failed;

  /**
   * @param failed gets why one cannot be made
   */
  WorkFolders(PlaceOptions options, Consumer<Refusal> failed) {
    this.work = options.workDir == null ? null : PlacedText.of(options.workDir);
    this.clean = options.clean;
    this.folder = options.chdir == null ? null : options.chdir.toAbsolutePath();
    this.temporary = options.temporary == null ? null : options.temporary.toAbsolutePath();
    this.failed = failed;
  }

  @Override
  public CommandPlace before(Attempt attempt, int slot) throws IOException {
    Path runs = folder;
    Path begun = folder;
    Path own = null;
    try {
      if (work != null) {
        runs = Path.of(text(work.filled(named(attempt), slot))).toAbsolutePath();
        begun = runs;
        Files.createDirectories(runs);
      }
      if (temporary != null) {
        begun = temporary;
        Files.createDirectories(temporary);
        own = Files.createTempDirectory(temporary, "piecework-");
      }
      return new Place(runs, own);
    } catch (IOException full) {
      Refusal why =
          new Refusal(
              ExitCode.CANNOT_WRITE,
              "cannot make the folder " + begun + ": " + OutputFolder.why(full),
              full);
      failed.accept(why);
      throw full;
    }
  }

  /** With an id and a payload that are names of folders. */
  private static Attempt named(Attempt attempt) {
    byte[] name = ItemFolders.name(attempt.text()).getBytes(StandardCharsets.US_ASCII);
    return new Attempt(ItemFolders.name(attempt.id()), name, attempt.number(), attempt.token());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What one command has. */
  private final class Place implements CommandPlace {
    private final @Nullable Path runs;
    private final @Nullable Path own;

    Place(@Nullable Path runs, @Nullable Path own) {
      this.runs = runs;
      this.own = own;
    }

    @Override
    public @Nullable Path folder() {
      return runs;
    }

    @Override
    public @Nullable Path temporary() {
      return own;
    }

    @Override
    public void after(boolean done) {
      if (own != null) {
        remove(own);
      }
      if (done && clean && work != null && runs != null) {
        remove(runs);
      }
    }
  }

  /** What cannot be removed, such as what others have made there since, stays. */
  private static void remove(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes of) {
              return delete(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path one, @Nullable IOException why) {
              return delete(one);
            }
          });
    } catch (IOException left) {
      // It stays.
    }
  }

  private static FileVisitResult delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException inUse) {
      // It stays, and what it is in.
    }
    return FileVisitResult.CONTINUE;
  }
}
