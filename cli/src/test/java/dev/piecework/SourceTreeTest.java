package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every file of the source tree. */
final class SourceTreeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int LINES = 400;
  private static final Pattern SOURCE = Pattern.compile(".*\\.(java|lua|sh|py|js|css|html)");
  private static final Pattern SOMEBODYS_FOLDER =
      Pattern.compile("(?<![\\w./-])/(work|farm|root|home/\\w+|Users/\\w+)/");
  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", ".idea", ".vscode", ".settings", "node_modules");

  @Test
  void theTreeIsRead() {
    assertThat(files()).contains(ROOT.resolve("pom.xml"), ROOT.resolve("piecework"));
  }

  @Test
  void noSourceFileIsTooLongToRead() {
    assertThat(files())
        .filteredOn(file -> SOURCE.matcher(file.toString()).matches())
        .allSatisfy(file ->
            assertThat(text(file).lines().count())
                .as("lines of %s", ROOT.relativize(file))
                .isLessThanOrEqualTo(LINES));
  }

  @Test
  void theArchitectureFitsInOneReading() {
    assertThat(text(ROOT.resolve("ARCHITECTURE.md")).lines()).hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void noFileNamesAFolderOfSomebodysMachine() {
    assertThat(files())
        .allSatisfy(file ->
            assertThat(text(file).lines().filter(SOMEBODYS_FOLDER.asPredicate()))
                .as("lines of %s with a path of one machine", ROOT.relativize(file))
                .isEmpty());
  }

  private static List<Path> files() {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return NOT_OURS.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              // A worktree's .git is a file.
              if (attributes.isRegularFile() && !NOT_OURS.contains(file.getFileName().toString())) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Every byte as one character: what is looked for is ASCII, and not all files are text. */
  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
