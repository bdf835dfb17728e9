package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has to know of its base image.
 *
 * @param architecture as Docker calls it
 * @param libc which C library its programs use: glibc, musl or none
 * @param glibc the x of its glibc 2.x; -1 where that is not known
 * @param libraries the names of its libraries
 * @param missing programs that running commands needs, and that are not there
 * @param javaHome where its Java is, if that will do for a worker
 * @param locale whether it says how text is encoded
 */
record BaseLook(
    String architecture,
    String libc,
    int glibc,
    Set<String> libraries,
    List<String> missing,
    @Nullable String javaHome,
    boolean locale) {

  static final int JAVA = 25;

  /** The parts of Java that a worker uses; also what a JRE made for it consists of. */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http", // by which traces are sent
          "jdk.httpserver",
          "jdk.unsupported");

  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"?(\\d+)");
  private static final Pattern INCLUDED = Pattern.compile("(?m)^MODULES=\"([^\"]*)\"");

  BaseLook {
    libraries = Set.copyOf(libraries);
    missing = List.copyOf(missing);
  }

  static BaseLook of(String architecture, Map<String, String> environment, BaseFiles files) {
    String path = environment.getOrDefault("PATH", USUAL_PATH);
    return new BaseLook(
        architecture,
        libc(architecture, files),
        files.glibc(),
        files.libraries(),
        missing(architecture, files, path),
        javaHome(files, environment, path).orElse(null),
        environment.containsKey("LANG") || environment.containsKey("LC_ALL"));
  }

  private static Optional<String> loader(String architecture, BaseFiles files) {
    return files.real(
        architecture.equals("arm64")
            ? "/lib/ld-linux-aarch64.so.1"
            : "/lib64/ld-linux-x86-64.so.2");
  }

  private static String libc(String architecture, BaseFiles files) {
    if (loader(architecture, files).isPresent()) {
      return "glibc";
    }
    return files.hasNameBeginning("/lib", "ld-musl-") ? "musl" : "none";
  }

  /**
   * A shell starts commands, and {@code setsid} (or a perl) gives each a session of its own. Where
   * either is not there the C library does both, if it is glibc 2.34 or newer: up to 2.33 the
   * loader was a file named after its version.
   */
  private static List<String> missing(String architecture, BaseFiles files, String path) {
    List<String> missing = new java.util.ArrayList<>();
    if (loader(architecture, files).filter(BaseLook::isOld).isEmpty()) {
      return missing;
    }
    if (!files.isProgram("/bin/sh")) {
      missing.add("/bin/sh");
    }
    if (files.program("setsid", path).isEmpty() && files.program("perl", path).isEmpty()) {
      missing.add("setsid");
    }
    return missing;
  }

  private static boolean isOld(String loader) {
    return loader.substring(loader.lastIndexOf('/') + 1).startsWith("ld-2.");
  }

  private static Optional<String> javaHome(
      BaseFiles files, Map<String, String> environment, String path) {
    String named = environment.getOrDefault("JAVA_HOME", "");
    Optional<String> java =
        !named.isEmpty() && files.isProgram(named + "/bin/java")
            ? Optional.of(named + "/bin/java")
            : files.program("java", path);
    return java.flatMap(files::real)
        .filter(real -> real.endsWith("/bin/java"))
        .map(real -> real.substring(0, real.length() - "/bin/java".length()))
        .filter(home -> files.text(home + "/release").filter(BaseLook::willDo).isPresent());
  }

  private static boolean willDo(String release) {
    Matcher version = VERSION.matcher(release);
    Matcher included = INCLUDED.matcher(release);
    return version.find()
        && Integer.parseInt(version.group(1)) >= JAVA
        && (!included.find() || List.of(included.group(1).split(" ")).containsAll(MODULES));
  }

  /**
   * Refuses what no worker could run on.
   *
   * @param name of the base, for people
   */
  void check(String name, ImageRequest.Machine machine) {
    if (!architecture.equals(machine.architecture())) {
      throw ImageRefusedException.request(
          "base "
              + name
              + " is for linux/"
              + architecture
              + ", and the image is to be for "
              + machine
              + ": choose another --base, or --platform linux/"
              + architecture);
    }
    if (!libc.equals("glibc")) {
      throw ImageRefusedException.request(
          "base "
              + name
              + (libc.equals("musl")
                  ? " uses musl, as Alpine does, and Java here needs glibc"
                  : " has no C library (glibc), which Java needs")
              + ": take one made from Debian, Ubuntu or Red Hat, such as a -slim variant");
    }
    if (!missing.isEmpty()) {
      throw ImageRefusedException.request(
          "base "
              + name
              + " has no "
              + String.join(" and no ", missing)
              + ", and its glibc is older than 2.34: running commands needs the one or the other;"
              + " take a newer one, such as debian:stable-slim or eclipse-temurin:25-jre");
    }
  }

  /**
   * Refuses a base on which a Java that is put beside it would not start: one from this machine may
   * need what only this machine has.
   *
   * @param name of the base, for people
   */
  void checkAdded(String name, Jre jre) throws IOException {
    Set<String> absent = new TreeSet<>(jre.needs());
    absent.removeAll(libraries);
    String other =
        ": take another base, or one that has Java " + JAVA + ", such as eclipse-temurin:25-jre";
    if (!absent.isEmpty()) {
      throw ImageRefusedException.request(
          "base "
              + name
              + " has no "
              + String.join(" and no ", absent)
              + ", which the Java here needs, that is to be put beside it ("
              + System.getProperty("java.home")
              + ")"
              + other);
    }
    int least = jre.glibc();
    if (glibc >= 0 && least > glibc) {
      throw ImageRefusedException.request(
          "base "
              + name
              + " has glibc 2."
              + glibc
              + ", and the Java here, that is to be put beside it, needs 2."
              + least
              + " ("
              + System.getProperty("java.home")
              + ")"
              + other);
    }
  }
}
