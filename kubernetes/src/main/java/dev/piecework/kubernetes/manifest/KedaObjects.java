package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What KEDA needs to scale a Deployment on what waits in Redis. Source: the KEDA documentation of
 * the scaler {@code redis}, which reads the length of a list or the size of a set by its key.
 */
final class KedaObjects {

  private KedaObjects() {}

  static List<Manifest> of(Plan plan, KedaPlan keda) {
    String secret = secretWithPassword(plan);
    Manifest scaled = scaledObject(plan, keda, secret != null);
    return secret == null ? List.of(scaled) : List.of(authentication(plan, secret), scaled);
  }

  /** Null when Redis asks for none. */
  private static @Nullable String secretWithPassword(Plan plan) {
    return switch (plan.redis()) {
      case RedisPlan.Deployed deployed -> RedisSecret.name(plan.names(), deployed.secret());
      case RedisPlan.External external ->
          switch (external.secret()) {
            case RedisPlan.Access.Made made ->
                made.password() == null ? null : plan.names().redis();
            case RedisPlan.Access.Existing existing -> existing.secretName();
          };
      case RedisPlan.Open _ -> null;
    };
  }

  private static Manifest authentication(Plan plan, String secret) {
    return Manifest.of(
        resource(plan, "TriggerAuthentication", plan.names().redis())
            .addToAdditionalProperties(
                "spec",
                Map.of(
                    "secretTargetRef",
                    List.of(
                        ordered(
                            "parameter", "password", "name", secret, "key", RedisSecret.PASSWORD))))
            .build());
  }

  private static Manifest scaledObject(Plan plan, KedaPlan keda, boolean authenticated) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("scaleTargetRef", Map.of("name", plan.names().name()));
    spec.put("minReplicaCount", keda.least());
    spec.put("maxReplicaCount", plan.job().parallelism());
    spec.put(
        "triggers",
        keda.keys().stream().map(key -> trigger(plan, keda, key, authenticated)).toList());
    return new Manifest(
        resource(plan, "ScaledObject", plan.names().name())
            .addToAdditionalProperties("spec", spec)
            .build(),
        Map.of(
            "spec.minReplicaCount",
            "With 0, what a worker held that was killed without a warning waits until new items"
                + " bring the next pod.",
            "spec.triggers",
            "The largest of these decides. The first is the list that anybody may push to, the last"
                + " what is due later: somebody has to be there to see it."));
  }

  private static Map<String, Object> trigger(
      Plan plan, KedaPlan keda, String key, boolean authenticated) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("address", keda.address());
    metadata.put("listName", key);
    metadata.put("listLength", String.valueOf(keda.itemsPerPod()));
    if (keda.tls()) {
      metadata.put("enableTLS", "true");
    }
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "redis");
    trigger.put("metadata", metadata);
    if (authenticated) {
      trigger.put("authenticationRef", Map.of("name", plan.names().redis()));
    }
    return trigger;
  }

  private static GenericKubernetesResourceBuilder resource(Plan plan, String kind, String name) {
    GenericKubernetesResource empty = new GenericKubernetesResource();
    return new GenericKubernetesResourceBuilder(empty)
        .withApiVersion("keda.sh/v1alpha1")
        .withKind(kind)
        .withMetadata(plan.names().metadata(name, Names.Component.WORKER).build());
  }

  private static Map<String, Object> ordered(String... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
