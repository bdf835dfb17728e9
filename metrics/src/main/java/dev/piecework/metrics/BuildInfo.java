package dev.piecework.metrics;

import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Which version it is that tells all the rest: {@code piecework_build_info}, always 1. */
final class BuildInfo {

  private BuildInfo() {}

  static void register(PrometheusRegistry registry, String version) {
    Info.builder()
        .name("piecework_build_info")
        .help("The version of Piecework that runs here")
        .labelNames("version")
        .register(registry)
        .addLabelValues(version);
  }
}
