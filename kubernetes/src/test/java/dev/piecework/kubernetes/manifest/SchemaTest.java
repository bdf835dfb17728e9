package dev.piecework.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is printed, held against two models of the Kubernetes API that were made independently from
 * its OpenAPI document: fabric8's, and the one of the official Java client, which knows what is
 * required and refuses what is unknown.
 */
@Tag("slow")
final class SchemaTest {

  private static final KubernetesSerialization FABRIC8 = new KubernetesSerialization();

  @BeforeAll
  static void theOfficialClientReadsJson() {
    assertThat(new JSON()).isNotNull(); // sets up what the models read with
  }

  static List<Plan> plans() {
    return Plans.all().toList();
  }

  @ParameterizedTest
  @MethodSource("plans")
  void theYamlReadsBackAsTheSameObjects(Plan plan) {
    List<Manifest> manifests = Manifests.of(plan);
    List<HasMetadata> read = read(ManifestText.yaml(manifests));
    assertThat(read).isEqualTo(manifests.stream().map(Manifest::object).toList());
    assertThat(read)
        .filteredOn(object -> !(object instanceof GenericKubernetesResource))
        .allSatisfy(object -> assertThat(unknown(object)).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("plans")
  void theJsonIsOneListOfTheSameObjects(Plan plan) {
    List<Manifest> manifests = Manifests.of(plan);
    io.fabric8.kubernetes.api.model.KubernetesList list =
        FABRIC8.unmarshal(
            ManifestText.json(manifests), io.fabric8.kubernetes.api.model.KubernetesList.class);
    assertThat(list.getItems()).isEqualTo(manifests.stream().map(Manifest::object).toList());
  }

  @ParameterizedTest
  @MethodSource("plans")
  void theOfficialClientTakesAll(Plan plan) throws Exception {
    for (Object document : documents(ManifestText.yaml(Manifests.of(plan)))) {
      validate(JsonParser.parseString(JsonMapper.shared().writeValueAsString(document)));
    }
  }

  @Test
  void theOfficialClientRefusesWhatIsUnknownOrMissing() {
    assertThatThrownBy(() ->
            validate(
                JsonParser.parseString(
                    "{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"spec\":{}}")))
        .hasMessageContaining("template");
    assertThatThrownBy(() ->
            validate(
                JsonParser.parseString(
                    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringdata\":{}}")))
        .hasMessageContaining("stringdata");
  }

  @ParameterizedTest
  @MethodSource("plans")
  void everyObjectIsFoundByItsLabels(Plan plan) {
    assertThat(Manifests.of(plan))
        .allSatisfy(manifest -> {
          assertThat(manifest.object().getMetadata().getLabels())
              .containsEntry("app.kubernetes.io/name", "piecework")
              .containsEntry("app.kubernetes.io/instance", plan.names().name())
              .containsEntry("app.kubernetes.io/managed-by", "piecework")
              .containsKey("app.kubernetes.io/component");
          assertThat(manifest.object().getMetadata().getNamespace())
              .isEqualTo(plan.names().namespace());
        });
  }

  static List<HasMetadata> read(String yaml) {
    return documents(yaml).stream()
        .map(document ->
            (HasMetadata) FABRIC8.unmarshal(JsonMapper.shared().writeValueAsString(document)))
        .toList();
  }

  static List<Object> documents(String yaml) {
    Iterable<Object> all = new Load(LoadSettings.builder().build()).loadAllFromString(yaml);
    return java.util.stream.StreamSupport.stream(all.spliterator(), false).toList();
  }

  /** What fabric8 keeps aside, at whatever depth, because its model has no such field. */
  private static List<String> unknown(Object object) {
    return AdditionalProperties.in(object);
  }

  private static void validate(JsonElement object) throws Exception {
    String kind = object.getAsJsonObject().get("kind").getAsString();
    switch (kind) {
      case "Job" -> V1Job.validateJsonElement(object);
      case "Deployment" -> V1Deployment.validateJsonElement(object);
      case "StatefulSet" -> V1StatefulSet.validateJsonElement(object);
      case "Secret" -> V1Secret.validateJsonElement(object);
      case "Service" -> V1Service.validateJsonElement(object);
      case "ServiceAccount" -> V1ServiceAccount.validateJsonElement(object);
      case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(object);
      case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(object);
      case "ScaledObject", "TriggerAuthentication", "PodMonitor" ->
          assertThat(object.getAsJsonObject().keySet())
              .isEqualTo(Map.of("apiVersion", 1, "kind", 1, "metadata", 1, "spec", 1).keySet());
      default -> throw new AssertionError("a " + kind + " is nothing that we print");
    }
  }
}
