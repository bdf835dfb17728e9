package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.Piecework.Ended;
import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The image of a worker, written to a tar. */
@Needs({"skopeo", "dash", "ldd"})
final class KubeImageIT {

  /** Shared by all tests that make an image: linking a Java takes seconds. */
  static final Path CACHE = Path.of("target/test-cache").toAbsolutePath();

  private static final long MOST_BYTES = 120_000_000;

  @TempDir static Path folder;
  private static String base;

  /** Linking a Java and compressing it take seconds; under load, many. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  @RegisterExtension final Piecework piecework = new Piecework().patient(LONGEST);

  @BeforeAll
  static void makeABase() throws Exception {
    base = TestBases.plain().tar(folder.resolve("base.tar"));
  }

  private Ended image(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("kube", "image"));
    all.addAll(List.of(options));
    return piecework.run(all.toArray(String[]::new));
  }

  private String inspect(Path tar, String query) throws Exception {
    return Containers.program(
            "skopeo", "inspect", "--config", "--format", query, "docker-archive:" + tar)
        .expect(0)
        .text()
        .strip();
  }

  @Test
  void isSmallAndRunsJavaItselfAsNobody() throws Exception {
    piecework.with("XDG_CACHE_HOME", CACHE.toString());
    Path tar = piecework.file("worker.tar");

    Ended made = image("--tar", tar.toString(), "--base", base, "-o", "json").expect(0);

    Matcher bytes = Pattern.compile("\"bytesBeyondBase\":(\\d+)").matcher(made.out());
    assertThat(bytes.find()).as(made.out()).isTrue();
    assertThat(Long.parseLong(bytes.group(1))).isBetween(50_000_000L, MOST_BYTES);
    assertThat(made.out()).contains("\"java\":\"added\"", "\"aot\":true");
    assertThat(inspect(tar, "{{.Config.User}}")).isEqualTo("65532:65532");
    assertThat(inspect(tar, "{{.Config.Entrypoint}}"))
        .isEqualTo(
            "[/opt/piecework/jre/bin/java @/opt/piecework/java.args dev.piecework.cli.Main]");
  }

  @Test
  void theSameInputGivesTheSameBytes() throws Exception {
    Path files = Files.createDirectory(piecework.file("files"));
    List<String> digests = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      // Nothing of the first build is used by the second, and the files were written anew.
      piecework.with("XDG_CACHE_HOME", piecework.file("cache-" + name).toString());
      Files.writeString(files.resolve("b.txt"), "b");
      Files.writeString(files.resolve("a.txt"), "a");
      // Among the files, where the second build finds the tar of the first.
      Path tar = files.resolve("worker.tar");
      String add = files.toString();
      image("--tar", tar.toString(), "--base", base, "--no-aot", "--add", add).expect(0);
      digests.add(
          Containers.program("sha256sum", tar.toString()).expect(0).text().substring(0, 64));
      Files.delete(files.resolve("a.txt"));
    }
    assertThat(digests.getFirst()).isEqualTo(digests.getLast());
  }

  @Test
  @Needs({"podman", "runc"})
  void usesTheJavaOfABaseThatHasOne() throws Exception {
    piecework.with("XDG_CACHE_HOME", CACHE.toString());
    Path jre = Path.of(System.getProperty("java.home"));
    Path own = folder.resolve("jre");
    Containers.program(
            jre.resolve("bin/jlink").toString(),
            "--add-modules",
            "java.base,java.logging,java.management,java.naming,java.net.http,"
                + "jdk.httpserver,jdk.unsupported",
            "--output",
            own.toString())
        .expect(0);
    String withJava =
        TestBases.plain()
            .tree("usr/lib/jvm/java-25", own)
            .with("JAVA_HOME", "/usr/lib/jvm/java-25")
            .tar(folder.resolve("with-java.tar"));
    Path tar = piecework.file("worker.tar");

    Ended made =
        image("--tar", tar.toString(), "--base", withJava, "-o", "json", "--name", "own/java:1");

    assertThat(made.expect(0).out()).contains("\"java\":\"base\"", "\"aot\":true");
    try (Containers containers = new Containers()) {
      containers.load(tar);
      containers.run("-e", "_JAVA_OPTIONS=-XX:AOTMode=on", "own/java:1", "--version").expect(0);
    }
  }

  @Test
  void anImageForAnotherMachineTakesTheJavaOfItsBase() throws Exception {
    String other = otherMachine();
    String foreign = foreignBase(other, folder.resolve("foreign.tar"));
    Path tar = piecework.file("worker.tar");

    Ended made =
        image("--tar", tar.toString(), "--base", foreign, "--platform", "linux/" + other).expect(0);

    assertThat(made.err()).contains("without Java's cache of classes");
    assertThat(inspect(tar, "{{.Architecture}}")).isEqualTo(other);
  }

  private static String otherMachine() {
    return System.getProperty("os.arch").equals("aarch64") ? "amd64" : "arm64";
  }

  /** Empty files where a worker needs something: enough to be packed, not to be run. */
  static String foreignBase(String architecture, Path tar) throws Exception {
    return foreignWithoutJava(architecture)
        .file("opt/java/bin/java", "")
        .file("opt/java/release", "JAVA_VERSION=\"25.0.1\"\n")
        .with("JAVA_HOME", "/opt/java")
        .tar(tar);
  }

  private static TestBases foreignWithoutJava(String architecture) {
    return TestBases.empty(architecture)
        .file("lib/ld-linux-aarch64.so.1", "")
        .file("lib64/ld-linux-x86-64.so.2", "")
        .file("bin/sh", "")
        .file("usr/bin/setsid", "");
  }

  private void refused(String says, String... options) throws Exception {
    Path tar = piecework.file("refused.tar");
    List<String> all = new ArrayList<>(List.of("--tar", tar.toString()));
    all.addAll(List.of(options));

    Ended ended = image(all.toArray(String[]::new)).expect(2);

    assertThat(ended.err()).startsWith("piecework kube image: ").contains(says).hasLineCount(1);
    assertThat(tar).doesNotExist();
  }

  @Test
  void refusesABaseThatNoWorkerCouldRunOn() throws Exception {
    String musl =
        TestBases.empty("amd64")
            .file("lib/ld-musl-x86_64.so.1", "")
            .file("bin/sh", "")
            .tar(folder.resolve("musl.tar"));
    String old =
        TestBases.empty("amd64")
            .link("lib64/ld-linux-x86-64.so.2", "ld-2.31.so")
            .file("lib64/ld-2.31.so", "")
            .tar(folder.resolve("old.tar"));
    String here = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";

    refused("uses musl", "--base", musl, "--platform", "amd64");
    refused("has no /bin/sh and no setsid", "--base", old, "--platform", "amd64");
    refused("is for linux/" + here, "--base", base, "--platform", "linux/" + otherMachine());
    refused(
        "has no Java 25, and one for linux/" + otherMachine() + " cannot be made",
        "--base",
        foreignWithoutJava(otherMachine()).tar(folder.resolve("no-java.tar")),
        "--platform",
        otherMachine());
  }

  /** The Java that is put beside it is this machine's, and may need what is only here. */
  @Test
  void refusesABaseOnWhichTheAddedJavaWouldNotStart() throws Exception {
    piecework.with("XDG_CACHE_HOME", CACHE.toString());
    String without =
        TestBases.plain().withoutAny("libm.so.6").tar(folder.resolve("without-libm.tar"));

    refused("has no libm.so.6, which the Java here needs", "--base", without);
  }

  @Test
  void refusesWhatIsNoImage() throws Exception {
    Path text =
        piecework.write("notes.txt", "no tar at all, of more than one block: " + "x".repeat(2_000));
    Path oci = piecework.file("oci.tar");
    Containers.program(
            "skopeo", "copy", "docker-archive:" + base.substring(6), "oci-archive:" + oci)
        .expect(0);

    refused("cannot be read as a tar", "--base", "tar://" + text);
    refused("is an OCI archive", "--base", "tar://" + oci);
    refused("there is no such file", "--base", "tar://nowhere.tar");
    refused("is no image's name", "--base", "Not A Name");
  }

  @Test
  void refusesFilesThatCannotBePacked() throws Exception {
    Path loop = Files.createDirectory(piecework.file("loop"));
    Files.createSymbolicLink(loop.resolve("again"), loop);
    Path dangling = Files.createDirectory(piecework.file("dangling"));
    Files.createSymbolicLink(dangling.resolve("gone"), Path.of("nowhere"));
    piecework.with("XDG_CACHE_HOME", CACHE.toString());

    refused("cannot read nowhere", "--base", base, "--add", "nowhere");
    refused("leads back", "--base", base, "--no-aot", "--add", loop.toString());
    refused("leads nowhere", "--base", base, "--no-aot", "--add", dangling.toString());
    refused("name a folder below /", "--base", base, "--add", loop + ":/");
    refused("holds Piecework itself", "--base", base, "--add", loop + ":/opt/piecework/lib");
    refused("two --add", "--base", base, "--add", loop.toString(), "--add", dangling.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "--platform, windows/amd64, linux/amd64 or linux/arm64",
    "--platform, 'linux/amd64,linux/arm64', a tar holds the image for one machine",
    "--to, example.com/x:1, one of both",
  })
  void refusesWhatDoesNotGoTogether(String option, String value, String says) throws Exception {
    refused(says, "--base", base, option, value);
  }
}
