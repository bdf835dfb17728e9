package dev.piecework.spring;

import dev.piecework.CallListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Queues, handlers and their workers. */
@AutoConfiguration(
    afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@EnableConfigurationProperties(PieceworkProperties.class)
public final class PieceworkAutoConfiguration {

  PieceworkAutoConfiguration() {}

  @Bean
  static QueueBeans pieceworkQueueBeans(Environment environment) {
    return new QueueBeans(environment);
  }

  @Bean
  static HandlerRegistry pieceworkHandlers(ConfigurableBeanFactory beans) {
    return new HandlerRegistry(beans);
  }

  @Bean
  @ConditionalOnMissingBean
  PieceworkQueues pieceworkQueues(
      PieceworkProperties properties, ObjectProvider<PieceworkWorkers.Watchers> watchers) {
    return new PieceworkQueues(
        properties,
        name ->
            watchers.getIfAvailable() instanceof MicrometerWatchers meters
                ? meters.calls(name)
                : CallListener.NONE);
  }

  @Bean
  @ConditionalOnMissingBean
  PieceworkWorkers pieceworkWorkers(
      PieceworkProperties properties,
      PieceworkQueues queues,
      HandlerRegistry handlers,
      ObjectProvider<PieceworkWorkers.Watchers> watchers) {
    return new PieceworkWorkers(
        properties.worker(),
        queues,
        handlers,
        watchers.getIfAvailable(() -> PieceworkWorkers.Watchers.NOBODY));
  }
}
