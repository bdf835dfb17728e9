package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java to put beside a base that has none: the modules that a worker uses, linked by {@code
 * jlink} out of the JDK that this runs on, which is why it is for this kind of machine only.
 *
 * @param folder where it is on this machine
 * @param id tells it from every other
 */
record Jre(Path folder, String id) {

  private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"?(\\d+)");
  private static final Pattern LIBC = Pattern.compile("(?m)^LIBC=\"?(\\w+)");

  /**
   * @param base its name, for people
   * @throws ImageRefusedException when it cannot be made here
   */
  static Jre link(String base, ImageRequest.Machine machine, ImageCache cache)
      throws IOException, InterruptedException {
    Path jdk = Path.of(System.getProperty("java.home"));
    String release =
        Files.isReadable(jdk.resolve("release"))
            ? Files.readString(jdk.resolve("release"))
            : "JAVA_VERSION=" + Runtime.version();
    check(base, machine, jdk, release);
    String id =
        BaseImage.sha256(release + "\n" + String.join(",", BaseLook.MODULES)).substring(0, 16);
    return new Jre(cache.part("jre/" + id, place -> link(jdk, place)), id);
  }

  private static void check(String base, ImageRequest.Machine machine, Path jdk, String release) {
    String without = "base " + base + " has no Java " + BaseLook.JAVA + ", and ";
    String instead = "; take a base that has it, such as eclipse-temurin:25-jre";
    if (!machine.isHere()) {
      throw ImageRefusedException.request(
          without
              + "one for "
              + machine
              + " cannot be made on "
              + System.getProperty("os.name")
              + " "
              + ImageRequest.Machine.here().architecture()
              + instead);
    }
    if (!Files.isExecutable(jdk.resolve("bin/jlink"))) {
      throw ImageRefusedException.request(
          without
              + "the Java here is no JDK (no jlink in "
              + jdk
              + "/bin): set JAVA_HOME to one"
              + instead);
    }
    Matcher version = VERSION.matcher(release);
    if (version.find() && Integer.parseInt(version.group(1)) < BaseLook.JAVA) {
      throw ImageRefusedException.request(without + jdk + " is older" + instead);
    }
    Matcher libc = LIBC.matcher(release);
    if (libc.find() && libc.group(1).equals("musl")) {
      throw ImageRefusedException.request(without + jdk + " is for musl, not glibc" + instead);
    }
  }

  private static void link(Path jdk, Path place) throws IOException, InterruptedException {
    Process jlink =
        new ProcessBuilder(
                List.of(
                    jdk.resolve("bin/jlink").toString(),
                    "--add-modules",
                    String.join(",", BaseLook.MODULES),
                    "--strip-java-debug-attributes",
                    "--no-header-files",
                    "--no-man-pages",
                    "--output",
                    place.toString()))
            .redirectErrorStream(true)
            .start();
    jlink.getOutputStream().close();
    String said = new String(jlink.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jlink.waitFor() != 0) {
      throw new IOException(
          "jlink failed: " + said.strip().lines().findFirst().orElse("in silence"));
    }
    FileTree.settle(place);
  }

  /** The libraries that it needs and has not. */
  Set<String> needs() throws IOException {
    Set<String> needs = new TreeSet<>();
    Set<String> has = new TreeSet<>();
    for (Path file : files()) {
      needs.addAll(Elf.needed(file));
      has.add(String.valueOf(file.getFileName()));
    }
    needs.removeAll(has);
    return needs;
  }

  /** It needs glibc 2.x of this x, or a newer one. */
  int glibc() throws IOException {
    int most = -1;
    for (Path file : files()) {
      most = Math.max(most, Elf.glibc(Files.readAllBytes(file)));
    }
    return most;
  }

  /** Its programs and libraries. */
  private List<Path> files() throws IOException {
    List<Path> programs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        if (Elf.machine(file) != null) {
          programs.add(file);
        }
      }
    }
    return programs;
  }
}
