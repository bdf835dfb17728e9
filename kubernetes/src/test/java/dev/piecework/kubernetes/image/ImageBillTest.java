package dev.piecework.kubernetes.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import dev.piecework.kubernetes.image.ImageRequest.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials of an image, as CycloneDX's own library reads it. */
final class ImageBillTest {

  private static final String DIGEST = "sha256:" + "a".repeat(64);

  @TempDir Path folder;

  @BeforeEach
  void aDistribution() throws IOException {
    // The form that the plugin of the build gives it.
    Files.writeString(
        folder.resolve("bom.json"),
        """
        {"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
         "metadata":{"timestamp":"2026-01-01T00:00:00Z","component":{
           "type":"application","bom-ref":"cli","name":"piecework-cli","version":"2",
           "purl":"pkg:maven/dev.piecework/piecework-cli@2?type=jar"}},
         "components":[
          {"type":"library","bom-ref":"jedis","group":"redis.clients","name":"jedis","version":"8.0.2",
           "description":"a client","hashes":[{"alg":"SHA-256","content":"%s"}],
           "licenses":[{"license":{"id":"MIT"}}],"purl":"pkg:maven/redis.clients/jedis@8.0.2?type=jar"},
          {"type":"library","bom-ref":"jib","name":"jib-core","version":"0.28.1",
           "purl":"pkg:maven/com.google.cloud.tools/jib-core@0.28.1?type=jar"}],
         "dependencies":[
          {"ref":"cli","dependsOn":["jib","jedis"]},{"ref":"jedis","dependsOn":[]},{"ref":"jib","dependsOn":[]}]}
        """
            .formatted("b".repeat(64)));
  }

  private String text(boolean javaAdded, List<FileEntriesLayer> layers) throws IOException {
    ImageRequest request =
        new ImageRequest(
            new Place.Registry("debian:13"),
            new Place.Registry("registry.example.com:5000/team/worker:1"),
            List.of(),
            Set.of(),
            false,
            true);
    return new ImageBill(request, folder)
        .text("registry.example.com:5000/team/worker:1", DIGEST, javaAdded, layers);
  }

  private List<FileEntriesLayer> layers() throws IOException {
    return List.of(
        FileTree.layer("libraries", List.of(file("jedis-8.0.2.jar", "j")), Layout.LIB),
        FileTree.layer("piecework", List.of(file("piecework-cli.jar", "p")), Layout.LIB),
        FileTree.layer("flags", List.of(file("java.args", "-x")), Layout.HOME),
        FileTree.layer("files", List.of(file("work.sh", "echo")), "/app"));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Bom read(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(new JsonParser().validate(bytes, Version.VERSION_16)).isEmpty();
    return new JsonParser().parse(bytes);
  }

  private static Component named(Bom bom, String name) {
    return bom.getComponents().stream()
        .filter(one -> one.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  @Test
  void keepsToTheSchemaAndNamesWhatIsInTheImageAndNothingElse() throws Exception {
    Bom bom = read(text(true, layers()));

    assertThat(bom.getComponents())
        .extracting(Component::getName)
        .containsExactlyInAnyOrder(
            "debian:13", "OpenJDK", "jedis", "piecework-cli", "/app/work.sh");
    assertThat(bom.getMetadata().getComponent().getPurl())
        .isEqualTo(
            "pkg:oci/worker@sha256%3A"
                + "a".repeat(64)
                + "?repository_url=registry.example.com%3A5000%2Fteam%2Fworker");
    assertThat(named(bom, "jedis").getLicenses().getLicenses().getFirst().getId()).isEqualTo("MIT");
    assertThat(named(bom, "OpenJDK").getVersion()).isEqualTo(Runtime.version().toString());
  }

  @Test
  void hasTheSumOfWhatIsPackedAndNotOfWhatItWasMadeFrom() throws Exception {
    Bom bom = read(text(false, layers()));

    // sha256 of "j"
    assertThat(named(bom, "jedis").getHashes().getFirst().getValue())
        .isEqualTo("189f40034be7a199f1fa9891668ee3ab6049f82d38c68be70f596eab2e1857b7");
    assertThat(named(bom, "jedis").getEvidence().getOccurrences().getFirst().getLocation())
        .isEqualTo("/opt/piecework/lib/jedis-8.0.2.jar");
    assertThat(bom.getComponents()).extracting(Component::getName).doesNotContain("OpenJDK");
  }

  @Test
  void saysWhichJarNeedsWhichOfThose() throws Exception {
    Bom bom = read(text(false, layers()));

    assertThat(bom.getDependencies())
        .filteredOn(one -> one.getRef().equals("cli"))
        .first()
        .satisfies(one ->
            assertThat(one.getDependencies())
                .extracting(org.cyclonedx.model.Dependency::getRef)
                .containsExactly("jedis"));
  }

  @Test
  void theSameImageHasTheSameBill() throws Exception {
    assertThat(text(true, layers())).isEqualTo(text(true, layers()));
  }

  @Test
  void aJarThatTheBuildDoesNotKnowIsSaid() throws Exception {
    List<FileEntriesLayer> odd =
        List.of(FileTree.layer("libraries", List.of(file("odd-1.jar", "o")), Layout.LIB));

    assertThatThrownBy(() -> text(false, odd))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessageContaining("has no odd-1.jar");
    Files.delete(folder.resolve("bom.json"));
    assertThatThrownBy(() -> text(false, layers()))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessageContaining("is missing");
  }
}
