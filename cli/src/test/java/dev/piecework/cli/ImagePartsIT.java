package dev.piecework.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.Piecework.Ended;
import dev.piecework.testrun.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What lies in the layers of a worker's image, and what is said of it. */
@Needs({"skopeo", "dash", "ldd"})
final class ImagePartsIT {

  @TempDir Path folder;

  @RegisterExtension final Piecework piecework = new Piecework().patient(KubeImageIT.LONGEST);

  private Ended image(Path tar, String base, String... options) throws Exception {
    piecework.with("XDG_CACHE_HOME", KubeImageIT.CACHE.toString());
    List<String> all = new ArrayList<>(List.of("kube", "image", "--no-aot"));
    all.addAll(List.of("--tar", tar.toString(), "--base", base));
    all.addAll(List.of(options));
    return piecework.run(all.toArray(String[]::new));
  }

  /** All files of all layers of an image in a tar, by their paths in it. */
  private Map<String, Path> files(Path tar) throws Exception {
    Path layers = Files.createTempDirectory(folder, "layers");
    Containers.program("skopeo", "copy", "docker-archive:" + tar, "dir:" + layers).expect(0);
    Path root = Files.createTempDirectory(folder, "root");
    JsonNode manifest =
        new JsonMapper().readTree(Files.readString(layers.resolve("manifest.json")));
    for (JsonNode layer : manifest.path("layers")) {
      Path file = layers.resolve(layer.path("digest").asString().substring("sha256:".length()));
      Containers.program("tar", "-xf", file.toString(), "-C", root.toString()).expect(0);
    }
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(file -> Files.isRegularFile(file, NOFOLLOW_LINKS))
          .forEach(file -> files.put("/" + root.relativize(file), file));
    }
    return files;
  }

  private static boolean isProgram(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4), ISO_8859_1).equals("\u007fELF");
    }
  }

  /** On a C library for arm64 as Debian has it, whatever machine this is. */
  @Test
  @Needs({"readelf", "libc-arm64"})
  void everyProgramInAnImageForArm64IsForArm64() throws Exception {
    Path arm = Path.of("/usr/aarch64-linux-gnu/lib");
    Path add = Files.createDirectory(folder.resolve("add"));
    Files.copy(arm.resolve("libc.so.6"), add.resolve("program"));
    Path java = folder.resolve("java");
    Files.createDirectories(java.resolve("bin"));
    Files.copy(arm.resolve("libc.so.6"), java.resolve("bin/java"));
    String base =
        TestBases.empty("arm64")
            .tree("usr/lib", arm)
            .link("lib", "usr/lib")
            .tree("opt/java", java)
            .file("opt/java/release", "JAVA_VERSION=\"25.0.1\"\n")
            .with("JAVA_HOME", "/opt/java")
            .tar(folder.resolve("arm.tar"));
    Path tar = folder.resolve("arm64.tar");
    String[] options = {"--platform", "linux/arm64", "--add", add.toString()};

    Ended made = image(tar, base, options).expect(0);

    int programs = 0;
    for (Map.Entry<String, Path> file : files(tar).entrySet()) {
      if (isProgram(file.getValue())) {
        programs++;
        assertThat(Containers.program("readelf", "-h", file.getValue().toString()).text())
            .as(file.getKey())
            .containsPattern("Machine: +AArch64");
      }
    }
    assertThat(programs).isGreaterThan(10);
    assertThat(made.err()).doesNotContain("will not run");
  }

  /** It is packed, since it may have a use there, and said. */
  @Test
  void aProgramForAnotherMachineIsSaid() throws Exception {
    Path add = Files.createDirectory(folder.resolve("add"));
    byte[] program = Files.readAllBytes(Path.of("/usr/bin/dash"));
    boolean here = program[18] == 62;
    program[18] = (byte) (here ? 183 : 62);
    Files.write(add.resolve("foreign"), program);
    String base = TestBases.plain().tar(folder.resolve("base.tar"));

    Ended made = image(folder.resolve("worker.tar"), base, "--add", add.toString()).expect(0);

    assertThat(made.err())
        .contains(
            here
                ? "add/foreign is for arm64, and will not run in an image for linux/amd64"
                : "add/foreign is for amd64, and will not run in an image for linux/arm64");
  }

  @Test
  void theBillHasEachJarOfTheImageWithItsSumAndTheUsersFiles() throws Exception {
    Path add = Files.createDirectory(folder.resolve("add"));
    Files.writeString(add.resolve("work.sh"), "echo");
    String base = TestBases.plain().tar(folder.resolve("base.tar"));
    Path tar = folder.resolve("worker.tar");
    Path file = folder.resolve("sbom.json");

    image(tar, base, "--add", add.toString(), "--sbom", file.toString()).expect(0);

    JsonNode bill = new JsonMapper().readTree(Files.readString(file));
    Map<String, String> said = new TreeMap<>();
    for (JsonNode one : bill.path("components")) {
      if (one.has("hashes")) {
        said.put(
            one.at("/evidence/occurrences/0/location").asString(),
            one.at("/hashes/0/content").asString());
      }
      if (one.path("type").asString().equals("library")) {
        assertThat(one.path("purl").asString()).startsWith("pkg:maven/");
        assertThat(one.path("licenses").isEmpty()).as(one.toString()).isFalse();
      }
    }
    Map<String, String> there = new TreeMap<>();
    for (Map.Entry<String, Path> one : files(tar).entrySet()) {
      if (one.getKey().startsWith("/opt/piecework/lib/") || one.getKey().startsWith("/app/")) {
        there.put(one.getKey(), sha256(one.getValue()));
      }
    }
    assertThat(there).containsKey("/app/work.sh").hasSizeGreaterThan(20);
    assertThat(said).isEqualTo(there);
    assertThat(bill.path("components").valueStream().map(one -> one.path("name").asString()))
        .contains("OpenJDK", "jedis", "piecework-worker", base.substring("tar://".length()));
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void whatCannotBeWrittenIsSaidBeforeAnythingIsMade() throws Exception {
    Path tar = folder.resolve("worker.tar");
    String base = TestBases.plain().tar(folder.resolve("base.tar"));

    Ended nowhere = image(tar, base, "--sbom", folder + "/none/sbom.json").expect(2);
    Ended noDigest = image(tar, base, "--digest-file", folder + "/digest").expect(2);

    assertThat(nowhere.err()).contains("--sbom").contains("there is no folder").hasLineCount(1);
    assertThat(noDigest.err()).contains("--digest-file goes with --to").hasLineCount(1);
    assertThat(tar).doesNotExist();
  }
}
