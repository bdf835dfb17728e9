package dev.piecework.spring.test;

import dev.piecework.testkit.TestRedis;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/** A Redis for each application context of a test, which ends with it. All are equal. */
record RedisPerContext() implements ContextCustomizer {

  static final class Factory implements ContextCustomizerFactory {
    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
        Class<?> test, List<ContextConfigurationAttributes> attributes) {
      return new RedisPerContext();
    }
  }

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    TestRedis redis = TestRedis.started();
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(new MapPropertySource("piecework test", Map.of("piecework.redis", redis.uri())));
    // What is registered first is closed last, after all that uses it.
    DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
    beans.registerSingleton("pieceworkTestRedis", redis);
    beans.registerDisposableBean("pieceworkTestRedis", redis::close);
  }
}
