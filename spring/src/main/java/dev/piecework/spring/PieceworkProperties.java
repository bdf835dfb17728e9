package dev.piecework.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code piecework.*}.
 *
 * @param redis the URI of the Redis, in every form that piecework knows; it may have a password
 * @param redisTimeout how long Redis may be away before a call gives up
 * @param queues the queues by name, each a bean, with the settings that it gets where it is new
 * @param worker how the workers of handlers work
 * @param metrics what is told to Micrometer
 */
@ConfigurationProperties("piecework")
public record PieceworkProperties(
    @DefaultValue("redis://localhost:6379") String redis,
    @DefaultValue("30s") Duration redisTimeout,
    Map<String, Map<String, String>> queues,
    @DefaultValue Workers worker,
    @DefaultValue Metrics metrics) {

  public PieceworkProperties {
    queues = queues == null ? Map.of() : new LinkedHashMap<>(queues);
  }

  /**
   * Of each handler's worker.
   *
   * @param enabled whether handlers are given work here
   * @param slots how many items at once, where the handler does not say
   * @param virtual whether each slot is a virtual thread
   * @param name for people; the host's if there is none
   * @param timeout how long a handler may take for one item; any time if there is none
   * @param grace how long what runs may take when the application stops
   * @param forever whether workers go on when a bag is drained
   * @param restartAfter how long after its Redis was away a worker is started again
   */
  public record Workers(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("1") int slots,
      @DefaultValue("false") boolean virtual,
      @Nullable String name,
      @Nullable Duration timeout,
      @DefaultValue("30s") Duration grace,
      @DefaultValue("true") boolean forever,
      @DefaultValue("5s") Duration restartAfter) {}

  /**
   * Of Micrometer.
   *
   * @param queues whether this application exports how its queues stand; of several instances one
   *     should
   * @param observations whether each attempt is an observation, of which a tracer makes a span
   */
  public record Metrics(
      @DefaultValue("true") boolean queues, @DefaultValue("true") boolean observations) {}
}
