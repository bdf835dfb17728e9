package dev.piecework.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundle is what <a href="https://central.sonatype.org/publish/requirements/">Maven Central
 * requires</a>, and what users can live with. Run by {@code ./check --release}, which names the
 * bundle, on one that was signed by a key that gpg knows.
 */
class MavenBundleChecks {

  private static final Map<String, String> MODULES =
      Map.of(
          "piecework", "dev.piecework",
          "piecework-worker", "dev.piecework.worker",
          "piecework-bag", "dev.piecework.bag",
          "piecework-fake", "dev.piecework.fake",
          "piecework-micrometer", "dev.piecework.micrometer",
          "piecework-metrics", "dev.piecework.metrics",
          "piecework-traces", "dev.piecework.traces",
          "piecework-redis-server", "dev.piecework.embedded",
          "piecework-testkit", "dev.piecework.testkit",
          "piecework-spring-boot-starter", "dev.piecework.spring");
  private static final Map<String, String> CHECKSUMS =
      Map.of(".md5", "MD5", ".sha1", "SHA-1", ".sha256", "SHA-256", ".sha512", "SHA-512");
  private static final int JAVA_21 = 65;

  /** Of Java 25 and asked for by name: on an older one the worker does without. */
  private static final String OF_JAVA_25 = "dev/piecework/worker/internal/session/CLibrary";

  @TempDir private static Path folder;
  private static MavenBundle bundle = new MavenBundle(Path.of(""), "");

  @BeforeAll
  static void unpack() throws Exception {
    bundle = MavenBundle.unpacked(Path.of(System.getProperty("piecework.bundle")), folder);
  }

  @Test
  void itHasTheModulesOfTheBomAndNothingElse() throws Exception {
    assertThat(bundle.libraries()).containsExactlyInAnyOrderElementsOf(MODULES.keySet());
    Model bom = bundle.pom(MavenBundle.BOM);
    assertThat(bom.getPackaging()).isEqualTo("pom");
    assertThat(bom.getDependencies()).isEmpty();
    assertThat(bom.getDependencyManagement().getDependencies())
        .allMatch(each -> each.getGroupId().equals("dev.piecework"))
        .allMatch(each -> bundle.version().equals(version(each, bom)))
        .extracting(Dependency::getArtifactId)
        .containsExactlyInAnyOrderElementsOf(MODULES.keySet());
    assertThat(bundle.version()).matches("[0-9]+\\.[0-9]+\\.[0-9]+");
  }

  private static String version(Dependency dependency, Model model) {
    return dependency.getVersion().replace("${project.version}", model.getVersion());
  }

  @Test
  void eachHasSourcesJavadocSignaturesAndSums() throws Exception {
    for (String artifact : bundle.artifacts()) {
      List<String> endings =
          artifact.equals(MavenBundle.BOM)
              ? List.of(".pom")
              : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar");
      TreeSet<String> wanted = new TreeSet<>();
      for (String ending : endings) {
        String name = artifact + "-" + bundle.version() + ending;
        wanted.addAll(List.of(name, name + ".asc"));
        CHECKSUMS.keySet().forEach(sum -> wanted.add(name + sum));
      }
      // A sum of a signature is neither asked for nor forbidden.
      assertThat(bundle.files(artifact))
          .filteredOn(name -> !name.matches(".*\\.asc\\.[a-z0-9]+"))
          .containsExactlyElementsOf(wanted);
    }
  }

  @Test
  void theSumsAreThoseOfTheFiles() throws Exception {
    for (Path file : bundle.allFiles()) {
      String name = file.getFileName().toString();
      for (Map.Entry<String, String> sum : CHECKSUMS.entrySet()) {
        if (name.endsWith(sum.getKey())) {
          Path of = file.resolveSibling(name.substring(0, name.lastIndexOf('.')));
          byte[] digest = MessageDigest.getInstance(sum.getValue()).digest(Files.readAllBytes(of));
          assertThat(Files.readString(file).strip())
              .as(name)
              .isEqualTo(HexFormat.of().formatHex(digest));
        }
      }
    }
  }

  @Test
  void theSignaturesAreThoseOfTheFiles() throws Exception {
    List<Path> signatures =
        bundle.allFiles().stream().filter(file -> file.toString().endsWith(".asc")).toList();
    assertThat(signatures).hasSize(4 * MODULES.size() + 1);
    for (Path signature : signatures) {
      String of = signature.toString().replaceFirst("\\.asc$", "");
      Process gpg =
          new ProcessBuilder("gpg", "--batch", "--verify", signature.toString(), of)
              .redirectErrorStream(true)
              .start();
      String said = new String(gpg.getInputStream().readAllBytes(), UTF_8);
      assertThat(gpg.waitFor()).as(said).isZero();
    }
  }

  @Test
  void thePomsSayAllAndNeedNoParent() throws Exception {
    for (String artifact : bundle.artifacts()) {
      Model pom = bundle.pom(artifact);
      String text = Files.readString(bundle.file(artifact, ".pom"));
      assertThat(pom.getParent()).as(artifact).isNull();
      assertThat(List.of(pom.getGroupId(), pom.getArtifactId(), pom.getVersion()))
          .containsExactly("dev.piecework", artifact, bundle.version());
      assertThat(
              Stream.of(pom.getName(), pom.getDescription(), pom.getUrl(), pom.getScm().getUrl()))
          .as(artifact)
          .doesNotContainNull()
          .doesNotHaveDuplicates();
      assertThat(pom.getScm().getConnection()).startsWith("scm:git:");
      assertThat(pom.getLicenses()).singleElement().matches(each -> each.getUrl() != null);
      assertThat(pom.getDevelopers()).singleElement().matches(each -> each.getName() != null);
      assertThat(text.replace("${project.version}", ""))
          .as(artifact)
          .doesNotContain("SNAPSHOT", "${", "<repositories", "<build>", "<profiles", "<modules");
    }
  }

  @Test
  void whatTheyNeedIsPublishedAndIsNotForTests() throws Exception {
    for (String artifact : bundle.libraries()) {
      for (Dependency needed : bundle.pom(artifact).getDependencies()) {
        String as = artifact + " needs " + needed;
        assertThat(needed.getScope()).as(as).isIn("compile", "runtime", "provided");
        assertThat(needed.getType()).as(as).isEqualTo("jar");
        assertThat(needed.getArtifactId()).as(as).isNotIn("assertj-core", "piecework-testrun");
        if (needed.getGroupId().equals("dev.piecework")) {
          assertThat(MODULES).as(as).containsKey(needed.getArtifactId());
          assertThat(needed.getVersion()).as(as).isEqualTo(bundle.version());
        }
      }
    }
  }

  @Test
  void eachIsTheModuleThatTheDocsName() throws Exception {
    for (String artifact : bundle.libraries()) {
      ModuleDescriptor module =
          ModuleFinder.of(bundle.jar(artifact)).findAll().iterator().next().descriptor();
      assertThat(module.name()).isEqualTo(MODULES.get(artifact));
      assertThat(module.isAutomatic()).as(artifact).isFalse();
      assertThat(module.exports()).as(artifact).isNotEmpty();
    }
  }

  @Test
  void itRunsOnJava21AndHasItsSourcesAndDocs() throws Exception {
    for (String artifact : bundle.libraries()) {
      try (JarFile jar = new JarFile(bundle.jar(artifact).toFile());
          JarFile sources = new JarFile(bundle.file(artifact, "-sources.jar").toFile());
          JarFile docs = new JarFile(bundle.file(artifact, "-javadoc.jar").toFile())) {
        List<String> classes =
            jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")).toList();
        assertThat(classes)
            .as(artifact)
            .noneMatch(
                name -> name.matches(".*(?<!/Piecework|/RedisPer)(Test|IT|Contract)[.]class"));
        for (String name : classes) {
          if (!name.contains("$") && !name.startsWith(OF_JAVA_25)) {
            String source = name.replaceFirst("\\.class$", ".java");
            assertThat(sources.getEntry(source)).as("%s in the sources", source).isNotNull();
          }
          byte[] head = jar.getInputStream(jar.getEntry(name)).readNBytes(8);
          assertThat((int) head[7])
              .as("class file version of %s", name)
              .isLessThanOrEqualTo(name.startsWith(OF_JAVA_25) ? JAVA_21 + 4 : JAVA_21);
        }
        assertThat(docs.getEntry("index.html")).as(artifact).isNotNull();
        assertThat(docs.getEntry("element-list")).as(artifact).isNotNull();
      }
    }
  }
}
