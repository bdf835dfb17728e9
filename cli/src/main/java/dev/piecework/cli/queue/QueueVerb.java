package dev.piecework.cli.queue;

import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb about one queue. */
abstract class QueueVerb extends Verb {

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name.")
  String queue = "";

  @Mixin RedisOptions redis = new RedisOptions();

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    try (Connection connection = redis.connect(terminal, queue, settings())) {
      return run(terminal, connection.queue());
    }
  }

  /** What to store with the queue if it is created now. */
  QueueSettings settings() {
    return SettingsOptions.OURS;
  }

  abstract ExitCode run(Terminal terminal, WorkQueue queue) throws Exception;
}
