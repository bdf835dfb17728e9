package dev.piecework.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of a registry at an instant, as the body of an answer to Prometheus.
 *
 * @param contentType the format that was chosen
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Scrape(String contentType, byte[] body) {

  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  /**
   * Asks every collector.
   *
   * @param accept the request's {@code Accept}: OpenMetrics where it is wanted, else the older text
   */
  public static Scrape of(PrometheusRegistry registry, @Nullable String accept) {
    ExpositionFormatWriter writer = FORMATS.findWriter(accept);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      writer.write(body, registry.scrape());
    } catch (IOException neverOfMemory) {
      throw new UncheckedIOException(neverOfMemory);
    }
    return new Scrape(writer.getContentType(), body.toByteArray());
  }
}
