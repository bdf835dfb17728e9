package dev.piecework.spring;

import dev.piecework.CallListener;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.Setting;
import dev.piecework.WorkQueue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of the application, each opened when it is first asked for and closed with the
 * application. Those under {@code piecework.queues} are beans of their own.
 */
public final class PieceworkQueues implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PieceworkQueues.class);

  private final PieceworkProperties properties;
  private final Function<String, CallListener> listeners;
  private final Map<String, WorkQueue> open = new ConcurrentHashMap<>();

  PieceworkQueues(PieceworkProperties properties, Function<String, CallListener> listeners) {
    this.properties = properties;
    this.listeners = listeners;
  }

  /** The queue of this name; not to be closed by who asks for it. */
  public WorkQueue queue(String name) {
    return open.computeIfAbsent(name, this::open);
  }

  /** Those that are open. */
  public Collection<WorkQueue> opened() {
    return List.copyOf(open.values());
  }

  private WorkQueue open(String name) {
    QueueConfig config =
        QueueConfig.of(properties.redis(), name)
            .withRedisTimeout(properties.redisTimeout())
            .withNotices(notice -> log.warn("queue {}: {}", name, notice))
            .withSettings(settings(properties.queues().getOrDefault(name, Map.of())));
    return WorkQueue.open(config, listeners.apply(name));
  }

  private static QueueSettings settings(Map<String, String> given) {
    QueueSettings settings = QueueSettings.DEFAULTS;
    for (Map.Entry<String, String> each : given.entrySet()) {
      settings = with(settings, setting(each.getKey()), each.getValue());
    }
    return settings;
  }

  private static Setting<?> setting(String name) {
    return Setting.all().stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseGet(() -> Setting.changeable(name)); // which says what there is
  }

  private static <T> QueueSettings with(QueueSettings settings, Setting<T> setting, String value) {
    return settings.with(setting, setting.parse(value));
  }

  @Override
  public void close() {
    open.values().forEach(WorkQueue::close);
    open.clear();
  }
}
