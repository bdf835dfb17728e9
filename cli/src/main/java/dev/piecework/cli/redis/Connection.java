package dev.piecework.cli.redis;

import dev.piecework.CallListener;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.embedded.EmbeddedRedis;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A queue, and the embedded Redis it is in for as long as it is used. */
public final class Connection implements AutoCloseable {

  private final Function<String, QueueConfig> config;
  private final String uri;
  private final EmbeddedRedis.@Nullable Use embedded;
  private final WorkQueue queue;

  private Connection(
      Function<String, QueueConfig> config,
      String uri,
      EmbeddedRedis.@Nullable Use embedded,
      CallListener calls) {
    this.config = config;
    this.uri = uri;
    this.embedded = embedded;
    this.queue = WorkQueue.open(config.apply(uri), calls);
  }

  static Connection open(
      WhereRedis where,
      Terminal terminal,
      Function<String, QueueConfig> config,
      CallListener calls) {
    return switch (where) {
      case WhereRedis.At at -> {
        try {
          yield new Connection(config, at.uri().text(), null, calls);
        } catch (IllegalArgumentException wrong) { // a URL or a file that a person gave
          throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
        }
      }
      case WhereRedis.Embedded none -> {
        Map<String, String> environment = terminal.environment();
        EmbeddedRedis.Use use =
            EmbeddedRedis.join(
                EmbeddedRedis.stateFolder(environment),
                EmbeddedRedis.idleLimit(environment),
                terminal::say);
        try {
          yield new Connection(config, use.uri(), use, calls);
        } catch (RuntimeException | Error failed) {
          use.close();
          throw failed;
        }
      }
    };
  }

  public WorkQueue queue() {
    return queue;
  }

  /** Another queue in the same Redis; to be closed by the caller. */
  public WorkQueue sibling(String name) {
    QueueConfig mine = config.apply(uri);
    return WorkQueue.open(
        new QueueConfig(uri, name, mine.redisTimeout(), mine.settings(), mine.access()));
  }

  /**
   * The same for one who says what is wrong with it, and asks again: nothing goes to the terminal.
   */
  public WorkQueue sibling(String name, Duration patience) {
    QueueConfig mine = config.apply(uri);
    return WorkQueue.open(
        new QueueConfig(uri, name, patience, mine.settings(), mine.access())
            .withNotices(notice -> {}));
  }

  /** How long Redis, or whoever it is filled from, may be away. */
  public Duration patience() {
    return config.apply(uri).redisTimeout();
  }

  /** Makes what Redis has written survive a crash at once; null where Redis is not our own. */
  public @Nullable Runnable syncToDisk() {
    EmbeddedRedis.Use own = embedded;
    return own == null ? null : own::syncToDisk;
  }

  @Override
  public void close() {
    try {
      queue.close();
    } finally {
      if (embedded != null) {
        embedded.close();
      }
    }
  }
}
