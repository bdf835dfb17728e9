package dev.piecework.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Redis or Valkey server program.
 *
 * @param path the program
 * @param origin where it comes from, in words, for messages
 */
public record RedisBinary(Path path, String origin) {
  /** Names the server program to use; the word {@code bundled} forces the bundled one. */
  public static final String VARIABLE = "PIECEWORK_REDIS_SERVER";

  private static final String BUNDLED = "bundled";
  private static final List<String> NAMES = List.of("valkey-server", "redis-server");
  private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+)\\.(\\d+)\\.(\\d+)");

  /**
   * The program that {@value #VARIABLE} names, or else {@code valkey-server} or {@code
   * redis-server} on the PATH, or else the bundled Redis 7.0 where it runs (Linux on x86-64 and
   * arm64).
   *
   * @throws RedisServerException when there is none; it says what to install
   */
  public static RedisBinary find() {
    return find(System.getenv());
  }

  /** The Redis 7.0 that is bundled, unpacked once into the cache folder of this user. */
  public static RedisBinary bundled() {
    return bundled(System.getenv());
  }

  static RedisBinary find(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (named.equals(BUNDLED)) {
      return bundled(environment);
    }
    if (!named.isEmpty()) {
      return named(named, environment);
    }
    for (String name : NAMES) {
      Optional<Path> found = onPath(name, environment);
      if (found.isPresent()) {
        return new RedisBinary(found.get(), "on the PATH");
      }
    }
    return bundled(environment);
  }

  private static RedisBinary named(String named, Map<String, String> environment) {
    Optional<Path> found =
        named.contains(File.separator)
            ? Optional.of(Path.of(named).toAbsolutePath()).filter(Files::isExecutable)
            : onPath(named, environment);
    return found
        .filter(Files::isRegularFile)
        .map(path -> new RedisBinary(path, "named by " + VARIABLE))
        .orElseThrow(() ->
            new RedisServerException(
                VARIABLE
                    + "="
                    + named
                    + " is not a program; name a redis-server or valkey-server, or '"
                    + BUNDLED
                    + "'"));
  }

  /**
   * What {@link #find} would take, for people: its version, and where it comes from. Nothing is
   * unpacked.
   *
   * @throws RedisServerException when there is none, or it does not run
   */
  public static String described(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    boolean ours =
        named.equals(BUNDLED)
            || (named.isEmpty()
                && NAMES.stream().noneMatch(name -> onPath(name, environment).isPresent()));
    if (ours) {
      return bundledOne().version() + " (" + BUNDLED + ")";
    }
    RedisBinary found = find(environment);
    return found.says().group().substring(2) + " (" + found.path + ", " + found.origin + ")";
  }

  private static RedisBinary bundled(Map<String, String> environment) {
    return new RedisBinary(bundledOne().unpacked(environment), BUNDLED);
  }

  private static BundledRedis bundledOne() {
    String os = System.getProperty("os.name", "");
    String machine = System.getProperty("os.arch", "");
    return BundledRedis.of(os, machine)
        .orElseThrow(() ->
            new RedisServerException(
                "no redis-server or valkey-server on the PATH, and the bundled ones are for"
                    + " Linux on x86-64 and arm64 (this is "
                    + os
                    + " on "
                    + machine
                    + "): install Redis or Valkey, or set "
                    + VARIABLE));
  }

  /**
   * A server program that is on the class path as a resource, unpacked into the cache folder of
   * this user: for tests that want another one than is bundled.
   *
   * @throws RedisServerException when it is not there, or is not these bytes
   */
  public static RedisBinary unpacked(String resource, String sha256, long size) {
    return new RedisBinary(
        new BundledRedis(resource, sha256, size).unpacked(System.getenv()), resource);
  }

  static Optional<Path> onPath(String program, Map<String, String> environment) {
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      // An empty entry means the working directory: not a place to take programs from unasked.
      if (!folder.isEmpty()) {
        Path candidate = Path.of(folder, program).toAbsolutePath();
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** Asks the program for its version. */
  Version version() {
    Matcher said = says();
    return new Version(Integer.parseInt(said.group(1)), Integer.parseInt(said.group(2)));
  }

  /** Its version, in what it says of itself. */
  private Matcher says() {
    try {
      Process process =
          new ProcessBuilder(path.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Matcher matcher = VERSION.matcher(said);
      if (!matcher.find()) {
        throw new RedisServerException(
            path + " (" + origin + ") is not a usable Redis server: " + lastLine(said));
      }
      return matcher;
    } catch (IOException e) {
      throw new RedisServerException(
          path + " (" + origin + ") cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisServerException("interrupted while asking " + path + " for its version", e);
    }
  }

  private static String lastLine(String text) {
    return text.isEmpty() ? "it says nothing" : text.substring(text.lastIndexOf('\n') + 1);
  }

  /** What distinguishes the formats of the append-only file. */
  record Version(int major, int minor) {
    @Override
    public String toString() {
      return major + "." + minor;
    }
  }
}
