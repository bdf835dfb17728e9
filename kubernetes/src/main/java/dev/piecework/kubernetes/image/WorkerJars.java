package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The jars of a distribution that a worker needs. The Kubernetes client, Jib and the bundled Redis
 * are most of its size and stay at home.
 */
final class WorkerJars {

  private static final Pattern OURS = Pattern.compile("piecework(-[a-z].*)?(-\\d.*)?\\.jar");

  /**
   * Written by the build: what the verbs need that use neither Jobs nor Kubernetes, with metrics
   * and traces.
   */
  private static final String LIST = "worker.jars";

  /** A worker in a cluster has a Redis there. */
  private static final Pattern BUNDLED_REDIS = Pattern.compile("embedded-redis-\\d.*");

  private final Path folder;
  private final List<String> ours = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  /**
   * @param folder the distribution's jars
   * @throws ImageRefusedException when they are not there
   */
  WorkerJars(Path folder) throws IOException {
    this.folder = folder;
    Path list = folder.resolve(LIST);
    if (!Files.isRegularFile(list)) {
      throw ImageRefusedException.request(
          "this is not a distribution of Piecework: no " + LIST + " in " + folder);
    }
    for (String name : Files.readAllLines(list).stream().sorted().toList()) {
      if (OURS.matcher(name).matches()) {
        ours.add(name);
      } else if (!BUNDLED_REDIS.matcher(name).matches()) {
        others.add(name);
      }
    }
  }

  /** What changes with each version of Piecework. */
  List<Path> ours() {
    return ours.stream().map(folder::resolve).toList();
  }

  /** What seldom changes. */
  List<Path> others() {
    return others.stream().map(folder::resolve).toList();
  }

  /** All names, in the order of the class path. */
  List<String> names() {
    return Stream.concat(ours.stream(), others.stream()).toList();
  }

  List<Path> all() {
    return Stream.concat(ours().stream(), others().stream()).toList();
  }

  /** Tells these jars from any other set. */
  String digest() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path jar : all()) {
        try (InputStream in = new DigestInputStream(Files.newInputStream(jar), digest)) {
          in.transferTo(java.io.OutputStream.nullOutputStream());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }
}
