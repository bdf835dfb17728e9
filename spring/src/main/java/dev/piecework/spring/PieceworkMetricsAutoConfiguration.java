package dev.piecework.spring;

import dev.piecework.WorkQueue;
import dev.piecework.micrometer.QueueMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Metrics and observations, where the application has a registry. */
@AutoConfiguration(
    before = PieceworkAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
public final class PieceworkMetricsAutoConfiguration {

  PieceworkMetricsAutoConfiguration() {}

  @Bean
  PieceworkWorkers.Watchers pieceworkWatchers(
      PieceworkProperties properties,
      ObjectProvider<MeterRegistry> registries,
      ObjectProvider<ObservationRegistry> observations) {
    return new MicrometerWatchers(registries, observations, properties.metrics().observations());
  }

  @Bean
  @ConditionalOnBean(MeterRegistry.class)
  @ConditionalOnProperty(name = "piecework.metrics.queues", matchIfMissing = true)
  MeterBinder pieceworkQueueMeters(PieceworkProperties properties, PieceworkQueues queues) {
    return registry -> {
      for (String name : properties.queues().keySet()) {
        WorkQueue queue = queues.queue(name);
        QueueMeters.of(queue).bindTo(registry);
      }
    };
  }
}
