package dev.piecework.spring;

import dev.piecework.bag.BuryItemException;
import dev.piecework.bag.RetryItemException;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** A method of a bean as a handler. */
final class HandlerMethod implements Handler {

  private final Object bean;
  private final Method method;
  private final JsonMapper mapper;
  private final boolean takesTwo;
  private final Decoder decoder;

  private interface Decoder {
    Object decode(Attempt attempt);
  }

  HandlerMethod(Object bean, Method method, JsonMapper mapper) {
    Class<?>[] types = method.getParameterTypes();
    boolean fits = types.length == 1 || (types.length == 2 && types[1] == Attempt.class);
    if (!fits) {
      throw new IllegalStateException(
          "@PieceworkHandler on "
              + method
              + ": it takes the item or an Attempt, and if it likes an Attempt after the item");
    }
    this.bean = bean;
    this.method = method;
    this.mapper = mapper;
    this.takesTwo = types.length == 2;
    this.decoder = decoder(types[0], method.getGenericParameterTypes()[0]);
    method.setAccessible(true);
  }

  private Decoder decoder(Class<?> type, Type generic) {
    if (type == Attempt.class) {
      return attempt -> attempt;
    }
    if (type == byte[].class) {
      return Attempt::payload;
    }
    if (type == String.class) {
      return Attempt::text;
    }
    JavaType json = mapper.constructType(generic);
    return attempt -> mapper.readValue(attempt.payload(), json);
  }

  @Override
  public Outcome handle(Attempt attempt) throws Exception {
    Object item;
    try {
      item = decoder.decode(attempt);
    } catch (RuntimeException noneOfOurs) {
      return Outcome.bury("the payload cannot be decoded: " + noneOfOurs);
    }
    try {
      return outcome(takesTwo ? method.invoke(bean, item, attempt) : method.invoke(bean, item));
    } catch (InvocationTargetException thrown) {
      return thrown(thrown.getCause());
    }
  }

  private static Outcome thrown(@Nullable Throwable cause) throws Exception {
    if (cause instanceof BuryItemException bury) {
      return Outcome.bury(String.valueOf(bury.getMessage()));
    }
    if (cause instanceof RetryItemException retry) {
      return Outcome.retry(String.valueOf(retry.getMessage()), retry.after());
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw cause instanceof Exception exception ? exception : new IllegalStateException(cause);
  }

  private Outcome outcome(@Nullable Object answer) {
    return switch (answer) {
      case null -> Outcome.done();
      case Outcome outcome -> outcome;
      case byte[] bytes -> Outcome.done(bytes);
      case String text -> Outcome.done(text.getBytes(StandardCharsets.UTF_8));
      case Object object -> Outcome.done(mapper.writeValueAsBytes(object));
    };
  }
}
