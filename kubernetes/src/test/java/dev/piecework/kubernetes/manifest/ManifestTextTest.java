package dev.piecework.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

@Tag("slow")
final class ManifestTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yes",
        "No",
        "on",
        "y",
        "true",
        "null",
        "~",
        "1",
        "1.5",
        "1e3",
        "0x1f",
        "0o7",
        "010",
        "1:20",
        "12:30:45",
        "2026-11-24",
        ".5",
        ".inf",
        "+1",
        "-1",
        "1_000",
        "0b11",
        "--",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "{}",
        "[x]",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "\"",
        "'",
        "\\",
        "a\nb",
        "\n",
        "a\n# b\n",
        "- # a\n  b",
        "\t",
        "\u0000",
        "\u0007",
        "\u00e4",
        "\ud83d\ude00",
        "1h",
        "10m",
        "512Mi",
        "./a.sh",
        "../a",
        "/a",
        "=",
        "<<",
        "nan",
        "1e5m",
        "0x1d",
        "$(A)",
        "a:",
        ":a",
        "?",
        "? a",
        ",",
        "a, b",
        "\u2028",
        "\u0085",
        "\ufeff"
      })
  void everyReaderOfYamlSeesTheText(String text) {
    seen(text, "given");
  }

  @Test
  void anyText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String letters = "abyesno01.:-+#{}[]&*!|>%@`'\"\\ \n\t~,=<?_/$()Mi\u00e9\u2028x";
    for (int i = 0; i < 1_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(9);
      for (int j = 0; j < length; j++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      seen(text.toString(), "seed " + seed);
    }
  }

  @Test
  void aNoteStandsBeforeWhatItIsAbout() {
    String yaml =
        ManifestText.yaml(
            List.of(
                new Manifest(
                    new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("a")
                        .withFinalizers("first", "second")
                        .endMetadata()
                        .addToData("k", "v")
                        .build(),
                    Map.of(
                        "",
                        "About all.",
                        "data",
                        "About data.",
                        "metadata.finalizers[1]",
                        "More."))));
    assertThat(yaml)
        .isEqualTo(
            """
            # About all.
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              finalizers:
              - first
              # More.
              - second
            # About data.
            data:
              k: v
            """);
  }

  private static void seen(String text, String as) {
    String yaml =
        ManifestText.yaml(
            List.of(
                new Manifest(
                    new ConfigMapBuilder().addToData("key", text).build(),
                    Map.of("data.key", "A note."))));
    // YAML 1.2, as most others read it; YAML 1.1, whose words kubectl still knows.
    for (Object document :
        List.<Object>of(SchemaTest.documents(yaml).getFirst(), new Yaml().load(yaml))) {
      assertThat(document)
          .as("%s: %s", as, yaml)
          .extracting("data")
          .extracting("key")
          .isEqualTo(text);
    }
  }
}
