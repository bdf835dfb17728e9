package dev.piecework.kubernetes.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.kubernetes.image.ImageRequest.Machine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from the layers of a base image. */
final class BaseLookTest {

  private static final String RELEASE = "JAVA_VERSION=\"25.0.3\"\n";

  private final BaseFiles files = new BaseFiles();

  @BeforeEach
  void aDebian() throws IOException {
    // As Debian has it: /bin is a link, and names come with a dot in front.
    stack(
        "./usr/bin/dash", "",
        "./usr/bin/sh", "-> dash",
        "./bin", "-> usr/bin",
        "./usr/bin/setsid", "",
        "./usr/lib64/ld-linux-x86-64.so.2", "-> ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
        "./usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "",
        "./lib64", "-> usr/lib64",
        "./lib", "-> usr/lib");
  }

  private void stack(String... pathsAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      for (int i = 0; i < pathsAndTexts.length; i += 2) {
        String text = pathsAndTexts[i + 1];
        boolean link = text.startsWith("-> ");
        TarArchiveEntry entry =
            link
                ? new TarArchiveEntry(pathsAndTexts[i], TarArchiveEntry.LF_SYMLINK)
                : new TarArchiveEntry(pathsAndTexts[i]);
        byte[] content = link ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        entry.setMode(0755);
        entry.setSize(content.length);
        if (link) {
          entry.setLinkName(text.substring(3));
        }
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    files.stack(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private BaseLook look(Map<String, String> environment) {
    return BaseLook.of("amd64", environment, files);
  }

  @Test
  void aDebianWillDo() {
    BaseLook look = look(Map.of());

    assertThat(look.libc()).isEqualTo("glibc");
    assertThat(look.missing()).isEmpty();
    assertThat(look.javaHome()).isNull();
    look.check("debian", new Machine("amd64"));
  }

  @Test
  void findsTheJavaThatItsEnvironmentNames() throws IOException {
    stack("opt/java/bin/java", "", "opt/java/release", RELEASE);

    assertThat(look(Map.of("JAVA_HOME", "/opt/java")).javaHome()).isEqualTo("/opt/java");
    assertThat(look(Map.of()).javaHome()).isNull();
  }

  @Test
  void findsTheJavaOnItsPathBehindAllLinks() throws IOException {
    stack(
        "usr/bin/java", "-> /etc/alternatives/java",
        "etc/alternatives/java", "-> /usr/lib/jvm/java-25/bin/java",
        "usr/lib/jvm/java-25", "-> jdk-25.0.3",
        "usr/lib/jvm/jdk-25.0.3/bin/java", "",
        "usr/lib/jvm/jdk-25.0.3/release", RELEASE);

    assertThat(look(Map.of()).javaHome()).isEqualTo("/usr/lib/jvm/jdk-25.0.3");
  }

  @ParameterizedTest
  @CsvSource({
    "JAVA_VERSION=\"21.0.2\"",
    "JAVA_VERSION=\"1.8.0_402\"",
    "IMPLEMENTOR=\"somebody\"",
    "'JAVA_VERSION=\"25\"\nMODULES=\"java.base java.logging\"'",
  })
  void aJavaThatIsOlderOrHasNotAllPartsIsNone(String release) throws IOException {
    stack("opt/java/bin/java", "", "opt/java/release", release);

    assertThat(look(Map.of("JAVA_HOME", "/opt/java")).javaHome()).isNull();
  }

  @Test
  void whatALaterLayerRemovesIsGone() throws IOException {
    stack("opt/java/bin/java", "", "opt/java/release", RELEASE, "opt/java-x/bin/java", "");
    stack("opt/.wh.java", "");

    assertThat(look(Map.of("JAVA_HOME", "/opt/java")).javaHome()).isNull();
    assertThat(files.isProgram("/opt/java-x/bin/java")).isTrue();
  }

  @Test
  void aBaseWithoutAShellWillDoIfItsGlibcStartsProcessesBySessions() throws IOException {
    stack("usr/bin/.wh.setsid", "", "usr/bin/.wh.sh", "");

    assertThat(look(Map.of()).missing()).isEmpty();
  }

  @Test
  void anOlderGlibcNeedsAShellAndSetsid() throws IOException {
    // Debian 11: the loader's name has its version.
    stack(
        "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "-> ld-2.31.so",
        "usr/lib/x86_64-linux-gnu/ld-2.31.so", "");
    assertThat(look(Map.of()).missing()).isEmpty();

    stack("usr/bin/.wh.setsid", "", "usr/bin/.wh.sh", "");

    BaseLook look = look(Map.of());
    assertThat(look.missing()).containsExactly("/bin/sh", "setsid");
    assertThatThrownBy(() -> look.check("distroless:11", new Machine("amd64")))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessageContaining("distroless:11 has no /bin/sh and no setsid, and its glibc is older");
  }

  @Test
  void anOpaqueFolderHidesWhatWasBelow() throws IOException {
    stack("opt/java/bin/java", "");
    stack("opt/java/.wh..wh..opq", "", "opt/java/bin/other", "");

    assertThat(files.isProgram("/opt/java/bin/java")).isFalse();
    assertThat(files.isProgram("/opt/java/bin/other")).isTrue();
  }

  @Test
  void linksInACircleLeadNowhere() throws IOException {
    stack("a", "-> b", "b", "-> a");

    assertThat(files.real("/a/x")).isEmpty();
  }

  @Test
  void alpineIsRefused() throws IOException {
    BaseFiles alpine = new BaseFiles();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("lib/ld-musl-x86_64.so.1"));
      tar.closeArchiveEntry();
    }
    alpine.stack(new ByteArrayInputStream(bytes.toByteArray()));

    BaseLook look = BaseLook.of("amd64", Map.of(), alpine);

    assertThatThrownBy(() -> look.check("alpine:3", new Machine("amd64")))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessageContaining("alpine:3 uses musl");
  }

  /** Of the Java that runs this test: it needs some glibc, and libraries of it. */
  private static Jre someJava(Path folder) throws IOException {
    Path library = Path.of(System.getProperty("java.home"), "lib", "libzip.so");
    Files.copy(library, folder.resolve("libzip.so"));
    Files.writeString(folder.resolve("release"), RELEASE);
    return new Jre(folder, "some");
  }

  private void stackLibrariesFor(Jre java, int glibc) throws IOException {
    for (String name : java.needs()) {
      stack("./usr/lib/x86_64-linux-gnu/" + name, "");
    }
    stack(
        "./usr/lib/x86_64-linux-gnu/libc.so.6", "..GLIBC_2.2.5..GLIBC_2." + glibc + "..GLIBC_2.4");
    // It has itself what it calls so.
    stack("./usr/lib/x86_64-linux-gnu/libjvm.so", "", "./usr/lib/x86_64-linux-gnu/libjava.so", "");
  }

  @Test
  void aJavaIsPutBesideABaseThatHasWhatItNeeds(@TempDir Path folder) throws IOException {
    Jre java = someJava(folder);
    assertThat(java.needs()).contains("libc.so.6").doesNotContain("libzip.so");
    stackLibrariesFor(java, java.glibc());

    look(Map.of()).checkAdded("some", java);
  }

  @Test
  void aJavaThatWouldNotStartIsNotPutBesideABase(@TempDir Path folder) throws IOException {
    Jre java = someJava(folder);
    stackLibrariesFor(java, java.glibc() - 1);

    assertThatThrownBy(() -> look(Map.of()).checkAdded("some", java))
        .hasMessageContaining("base some has glibc 2." + (java.glibc() - 1))
        .hasMessageContaining("needs 2." + java.glibc());

    stack("./usr/lib/x86_64-linux-gnu/.wh.libc.so.6", "");
    assertThatThrownBy(() -> look(Map.of()).checkAdded("some", java))
        .hasMessageContaining("base some has no libc.so.6, which the Java here needs");
  }
}
