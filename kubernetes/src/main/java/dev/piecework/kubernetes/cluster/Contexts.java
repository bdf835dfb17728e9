package dev.piecework.kubernetes.cluster;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a kubeconfig offers. */
final class Contexts {

  private Contexts() {}

  static List<String> names(Config config) {
    return config.getContexts() == null
        ? List.of()
        : config.getContexts().stream()
            .map(context -> context.getName())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
  }

  static @Nullable String current(Config config) {
    return config.getCurrentContext() == null ? null : config.getCurrentContext().getName();
  }

  /** A pod with a service account's token, as the client itself finds out. */
  static boolean insideACluster(Config config) {
    return config.getMasterUrl() != null
        && System.getenv("KUBERNETES_SERVICE_HOST") != null
        && Files.isReadable(Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH));
  }
}
