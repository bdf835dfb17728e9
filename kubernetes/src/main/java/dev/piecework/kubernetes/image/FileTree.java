package dev.piecework.kubernetes.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files on their way into a layer. The same files give the same layer, whoever packs them and when:
 * names in order, one time for all, no owner, and of the modes only whether it is a program.
 */
final class FileTree {

  /** What Jib gives every file; Java's cache of classes is bound to it. */
  static final Instant TIME = Instant.ofEpochSecond(1);

  private static final FilePermissions READABLE = FilePermissions.fromOctalString("644");
  private static final FilePermissions USABLE = FilePermissions.fromOctalString("755");

  private FileTree() {}

  /**
   * A layer of a folder's content, or of one file.
   *
   * @param option how it was asked for, for people
   * @param except a file to leave out: the tar that an earlier build wrote among the files
   * @throws ImageRefusedException when something in it cannot be packed
   */
  static FileEntriesLayer layer(
      String name, Path from, String path, String option, @Nullable Path except)
      throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    if (!Files.isDirectory(from)) {
      add(layer, from, path + "/" + from.getFileName(), option);
      return layer.build();
    }
    for (Path file : sorted(from, option)) {
      if (except != null && Files.exists(except) && Files.isSameFile(file, except)) {
        continue;
      }
      String relative = from.relativize(file).toString();
      add(layer, file, relative.isEmpty() ? path : path + "/" + relative, option);
    }
    return layer.build();
  }

  /** A layer of these files, all in one folder. */
  static FileEntriesLayer layer(String name, List<Path> files, String folder) throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    for (Path file : files) {
      add(layer, file, folder + "/" + file.getFileName(), name);
    }
    return layer.build();
  }

  private static void add(FileEntriesLayer.Builder layer, Path file, String path, String option)
      throws IOException {
    if (!Files.exists(file)) {
      throw ImageRefusedException.request(option + ": the link " + file + " leads nowhere");
    }
    boolean folder = Files.isDirectory(file);
    if (!folder && !Files.isRegularFile(file)) {
      throw ImageRefusedException.request(option + ": " + file + " is neither file nor folder");
    }
    if (!Files.isReadable(file)) {
      throw ImageRefusedException.request(option + ": cannot read " + file);
    }
    layer.addEntry(
        file,
        AbsoluteUnixPath.get(path),
        folder || Files.isExecutable(file) ? USABLE : READABLE,
        TIME);
  }

  private static List<Path> sorted(Path from, String option) throws IOException {
    try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      return files.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (UncheckedIOException broken) {
      IOException cause = broken.getCause();
      if (cause instanceof FileSystemLoopException loop) {
        throw ImageRefusedException.request(
            option + ": the link " + loop.getFile() + " leads back to a folder it is in");
      }
      throw cause;
    }
  }

  /** Gives everything the time that it has in the image. */
  static void settle(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!Files.isSymbolicLink(file)) {
          Files.setLastModifiedTime(file, FileTime.from(TIME));
        }
      }
    }
  }

  /** In hexadecimal digits. */
  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }

  /** Removes it with all that is in it, as far as that is possible. */
  static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException left) {
      folder.toFile().deleteOnExit();
    }
  }
}
