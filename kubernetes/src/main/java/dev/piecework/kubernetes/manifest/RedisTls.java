package dev.piecework.kubernetes.manifest;

import dev.piecework.kubernetes.manifest.RedisPlan.Access;
import dev.piecework.kubernetes.manifest.RedisPlan.Tls;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Redis's files for TLS on their way through its Secret to a worker. */
final class RedisTls {

  private static final String NAME = "redis-tls";
  private static final String FOLDER = "/etc/piecework/redis";

  private RedisTls() {}

  private static Tls of(RedisPlan redis) {
    return redis instanceof RedisPlan.External(Access.Made made) ? made.tls() : Tls.NONE;
  }

  /** The options of {@code piecework work} that name the files. */
  static List<String> options(RedisPlan redis) {
    Map<String, String> options =
        Map.of(
            "ca.crt",
            "--redis-ca-file",
            "tls.crt",
            "--redis-cert-file",
            "tls.key",
            "--redis-key-file");
    List<String> words = new ArrayList<>();
    for (String file : of(redis).files().keySet()) {
      words.addAll(List.of(String.valueOf(options.get(file)), FOLDER + "/" + file));
    }
    return words;
  }

  /** None where there are no files. */
  static List<Volume> volumes(Plan plan) {
    Tls tls = of(plan.redis());
    if (tls.files().isEmpty()) {
      return List.of();
    }
    // The files are root's, and the worker is in the group that they are given (fsGroup).
    return List.of(
        new VolumeBuilder()
            .withName(NAME)
            .withNewSecret()
            .withSecretName(plan.names().redis())
            .withDefaultMode(0440)
            .withItems(
                tls.files().keySet().stream()
                    .map(key -> new KeyToPathBuilder().withKey(key).withPath(key).build())
                    .toList())
            .endSecret()
            .build());
  }

  static List<VolumeMount> mounts(RedisPlan redis) {
    return of(redis).files().isEmpty()
        ? List.of()
        : List.of(
            new VolumeMountBuilder()
                .withName(NAME)
                .withMountPath(FOLDER)
                .withReadOnly(true)
                .build());
  }
}
