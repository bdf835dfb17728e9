package dev.piecework.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Health, where the application shows any. */
@AutoConfiguration(after = PieceworkAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("piecework")
public final class PieceworkHealthAutoConfiguration {

  PieceworkHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "pieceworkHealthIndicator")
  HealthIndicator pieceworkHealthIndicator(PieceworkQueues queues, PieceworkWorkers workers) {
    return new PieceworkHealthIndicator(queues, workers);
  }
}
