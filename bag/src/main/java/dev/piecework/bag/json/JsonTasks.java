package dev.piecework.bag.json;

import dev.piecework.bag.TaskCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tasks as JSON, {@code {"task": "Shrink", "of": {"path": "a.png"}}}: those of classes that are
 * named here, and no others. A task says by its class name, without the package, what it is.
 */
public final class JsonTasks implements TaskCodec {

  private final JsonMapper mapper;
  private final Map<String, Class<?>> known = new LinkedHashMap<>();

  private JsonTasks(JsonMapper mapper, Class<?>[] known) {
    this.mapper = mapper;
    for (Class<?> type : known) {
      if (this.known.put(type.getSimpleName(), type) != null) {
        throw new IllegalArgumentException("two tasks are named " + type.getSimpleName());
      }
    }
  }

  /** Tasks of these classes, such as records. */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static JsonTasks of(Class<? extends Callable<?>>... known) {
    return new JsonTasks(JsonMapper.shared(), known);
  }

  @Override
  public byte[] encode(Callable<?> task) {
    String name = task.getClass().getSimpleName();
    if (known.get(name) != task.getClass()) {
      throw new UnsupportedOperationException(
          task.getClass().getName()
              + " cannot leave this process: tasks that can are "
              + known.keySet()
              + ", and no lambda is one");
    }
    return mapper.writeValueAsBytes(Map.of("task", name, "of", mapper.valueToTree(task)));
  }

  @Override
  public Callable<?> decode(byte[] payload) {
    JsonNode node = mapper.readTree(payload);
    String name = node.path("task").asString("");
    @Nullable Class<?> type = known.get(name);
    if (type == null) {
      throw new IllegalArgumentException("'" + name + "' is none of " + known.keySet());
    }
    return (Callable<?>) mapper.treeToValue(node.path("of"), type);
  }

  @Override
  public byte[] encodeResult(Callable<?> task, Object answer) {
    return mapper.writeValueAsBytes(answer);
  }

  @Override
  public Object decodeResult(Callable<?> task, byte[] result) {
    JavaType[] types = mapper.constructType(task.getClass()).findTypeParameters(Callable.class);
    return mapper.readValue(result, types[0]);
  }
}
