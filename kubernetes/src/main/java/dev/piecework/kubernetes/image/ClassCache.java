package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Java's ahead-of-time cache: the classes of a worker as this Java has loaded and linked them. Java
 * takes it only if its own build and the jars, to the second of their time, are those that it was
 * recorded with, and ignores it otherwise.
 */
final class ClassCache {

  /** Each takes 25 MB; more bases and versions than these are seldom in use at a time. */
  private static final int KEPT = 8;

  private ClassCache() {}

  /**
   * Records it, unless there is one for the same Java and jars.
   *
   * @param java a folder with the Java that will run in the image
   * @param javaId tells that from every other
   */
  static Path record(
      Path java, String javaId, WorkerJars jars, ImageCache cache, Rehearsal rehearsal)
      throws IOException, InterruptedException {
    String key =
        BaseImage.sha256(javaId + "\n" + jars.digest() + "\n" + Layout.javaFlags("", jars.names()));
    Path recorded =
        cache.part(
            "aot/" + key.substring(0, 16) + "/piecework.aot",
            place -> record(java, jars, place, rehearsal));
    cache.keepNewest("aot", KEPT);
    return recorded;
  }

  private static void record(Path java, WorkerJars jars, Path place, Rehearsal rehearsal)
      throws IOException, InterruptedException {
    Path stage = Files.createDirectory(place.resolveSibling("stage"));
    for (Path jar : jars.all()) {
      Files.copy(jar, stage.resolve(jar.getFileName().toString()));
    }
    FileTree.settle(stage);
    List<String> command = new ArrayList<>();
    command.add(java.resolve("bin/java").toString());
    command.add("-XX:AOTCacheOutput=" + place);
    command.addAll(Layout.javaFlags(stage.toString(), jars.names()));
    command.add(Layout.MAIN);
    rehearsal.perform(command);
    if (!Files.isRegularFile(place) || Files.size(place) == 0) {
      throw new IOException("Java has recorded nothing");
    }
  }
}
