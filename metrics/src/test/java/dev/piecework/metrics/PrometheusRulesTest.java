package dev.piecework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in deploy/prometheus, and what we show, held against Prometheus's own checks. */
@Needs("promtool")
final class PrometheusRulesTest {

  private static final Path RULES = Path.of("../deploy/prometheus").toAbsolutePath().normalize();

  @TempDir Path folder;

  private String promtool(Path input, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command)
            .directory(RULES.toFile())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    int code = process.waitFor();
    String text = Files.readString(said);
    assertThat(code).as(text).isZero();
    return text;
  }

  private Path nothing() throws IOException {
    return Files.createFile(folder.resolve("nothing"));
  }

  @Test
  void theRulesAreRules() throws Exception {
    assertThat(promtool(nothing(), "check", "rules", "piecework.rules.yml"))
        .contains("5 rules found");
  }

  @Test
  void theAlertsFireWhenTheyShouldAndElseNot() throws Exception {
    assertThat(promtool(nothing(), "test", "rules", "piecework.rules.test.yml"))
        .contains("SUCCESS");
  }

  @Test
  void theExampleIsAConfiguration() throws Exception {
    promtool(nothing(), "check", "config", "--syntax-only", "prometheus.yml");
  }

  /** Names, units and help as Prometheus wants them. */
  @Test
  void theMetricsAreAsPrometheusWantsThem() throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    WorkerMetrics metrics = WorkerMetrics.in(registry, "bag", "1");
    assertThat(metrics).isNotNull();
    byte[] text = Scrape.of(registry, null).body();
    Path scraped = Files.writeString(folder.resolve("scraped"), text(text));

    assertThat(promtool(scraped, "check", "metrics")).isEmpty();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
