package dev.piecework.cli.backend;

import dev.piecework.QueueSettings;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A way from this machine to the Redis that workers elsewhere use. */
public interface RedisAccess extends AutoCloseable {

  /** For a queue that is opened beside others, whose notices a person hears. */
  Consumer<String> NOBODY = _ -> {};

  /**
   * Opens a queue in it.
   *
   * @param timeout how long Redis may be away
   * @param notices is told what a person should know
   */
  WorkQueue open(
      String queue,
      SessionOptions options,
      Duration timeout,
      QueueSettings settings,
      Consumer<String> notices);

  /** Why it cannot be reached, as far as that is the way's fault; null when it is not. */
  @Nullable String trouble();

  @Override
  void close();
}
