package dev.piecework.spring;

import dev.piecework.worker.Handler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.EmbeddedValueResolverAware;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.StringValueResolver;
import tools.jackson.databind.json.JsonMapper;

/** Finds the methods with {@link PieceworkHandler} among the beans. */
final class HandlerRegistry implements BeanPostProcessor, EmbeddedValueResolverAware {

  /**
   * One handler that was found.
   *
   * @param slots 0 where it does not say
   */
  record Found(String queue, int slots, Handler handler) {}

  private final ConfigurableBeanFactory beans;
  private final List<Found> found = new ArrayList<>();
  private StringValueResolver texts = text -> text;

  HandlerRegistry(ConfigurableBeanFactory beans) {
    this.beans = beans;
  }

  List<Found> found() {
    return List.copyOf(found);
  }

  @Override
  public void setEmbeddedValueResolver(StringValueResolver resolver) {
    this.texts = resolver;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    Class<?> type = AopUtils.getTargetClass(bean);
    Map<Method, PieceworkHandler> methods =
        MethodIntrospector.selectMethods(
            type,
            (MethodIntrospector.MetadataLookup<PieceworkHandler>)
                method ->
                    AnnotatedElementUtils.findMergedAnnotation(method, PieceworkHandler.class));
    methods.forEach((method, wish) -> {
      Method callable = AopUtils.selectInvocableMethod(method, bean.getClass());
      String queue = resolved(wish.queue());
      if (found.stream().anyMatch(other -> other.queue.equals(queue))) {
        throw new IllegalStateException("queue '" + queue + "' has two handlers; one is " + method);
      }
      found.add(new Found(queue, slots(wish, method), handler(bean, callable)));
    });
    return bean;
  }

  private Handler handler(Object bean, Method method) {
    return new HandlerMethod(
        bean, method, beans.getBeanProvider(JsonMapper.class).getIfAvailable(JsonMapper::shared));
  }

  private int slots(PieceworkHandler wish, Method method) {
    String text = resolved(wish.slots()).strip();
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException noNumber) {
      throw new IllegalStateException("slots of " + method + " is no number: '" + text + "'");
    }
  }

  private String resolved(String text) {
    String value = texts.resolveStringValue(text);
    return value == null ? "" : value;
  }
}
