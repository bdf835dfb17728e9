package dev.piecework.packaging;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.maven.model.Model;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;

/** What ./package has made for Maven, unpacked: a repository of one version. */
record MavenBundle(Path repository, String version) {

  static final String BOM = "piecework-bom";

  /**
   * @param folder where to unpack it
   */
  static MavenBundle unpacked(Path zip, Path folder) throws IOException {
    try (FileSystem archive = FileSystems.newFileSystem(zip);
        Stream<Path> all = Files.walk(archive.getPath("/"))) {
      for (Path file : all.toList()) {
        Path here = folder.resolve("." + file);
        if (Files.isDirectory(file)) {
          Files.createDirectories(here);
        } else {
          Files.copy(file, here);
        }
      }
    }
    Path group = folder.resolve("dev/piecework");
    return new MavenBundle(folder, only(names(group.resolve(BOM))));
  }

  SortedSet<String> artifacts() throws IOException {
    return names(repository.resolve("dev/piecework"));
  }

  SortedSet<String> libraries() throws IOException {
    SortedSet<String> all = artifacts();
    all.remove(BOM);
    return all;
  }

  SortedSet<String> files(String artifact) throws IOException {
    return names(folder(artifact));
  }

  Path folder(String artifact) {
    return repository.resolve("dev/piecework").resolve(artifact).resolve(version);
  }

  /** {@code ".pom"}, {@code "-sources.jar"} and the like. */
  Path file(String artifact, String ending) {
    return folder(artifact).resolve(artifact + "-" + version + ending);
  }

  Path jar(String artifact) {
    return file(artifact, ".jar");
  }

  /** Read as strictly as Maven does. */
  Model pom(String artifact) throws Exception {
    try (InputStream in = Files.newInputStream(file(artifact, ".pom"))) {
      return new MavenXpp3Reader().read(in, true);
    }
  }

  List<Path> allFiles() throws IOException {
    try (Stream<Path> all = Files.walk(repository)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static SortedSet<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).collect(toCollection(TreeSet::new));
    }
  }

  private static String only(SortedSet<String> names) {
    if (names.size() != 1) {
      throw new IllegalStateException("one version was to be in the bundle: " + names);
    }
    return names.first();
  }
}
