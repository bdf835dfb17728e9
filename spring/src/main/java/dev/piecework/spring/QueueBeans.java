package dev.piecework.spring;

import dev.piecework.WorkQueue;
import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** A bean of type {@link WorkQueue} for each queue under {@code piecework.queues}, by its name. */
final class QueueBeans implements BeanDefinitionRegistryPostProcessor {

  private final Environment environment;

  QueueBeans(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
    Map<String, Object> queues =
        Binder.get(environment)
            .bind("piecework.queues", Bindable.mapOf(String.class, Object.class))
            .orElse(Map.of());
    for (String name : queues.keySet()) {
      RootBeanDefinition bean = new RootBeanDefinition(WorkQueue.class);
      bean.setInstanceSupplier(() -> beans(registry).getBean(PieceworkQueues.class).queue(name));
      bean.setDestroyMethodName(""); // closed with all of them
      registry.registerBeanDefinition(name, bean);
    }
  }

  private static ConfigurableListableBeanFactory beans(BeanDefinitionRegistry registry) {
    return (ConfigurableListableBeanFactory) registry;
  }
}
