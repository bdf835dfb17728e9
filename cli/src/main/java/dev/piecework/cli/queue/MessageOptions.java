package dev.piecework.cli.queue;

import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.amqp.BrokerException;
import dev.piecework.amqp.BrokerUri;
import dev.piecework.amqp.MessageFill;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.verb.BackendException;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What goes with {@code --from amqp://...}. */
final class MessageOptions {

  private static final String PASSWORD = "PIECEWORK_AMQP_PASSWORD";

  /** What is about records of a file, or about sources that can be read again. */
  private static final List<String> OF_FILES =
      List.of(
          "--format",
          "--id",
          "--unique",
          "--raw-records",
          "--no-header",
          "--delimiter",
          "--shuffle",
          "--size",
          "--skip",
          "--limit",
          "--keep-blank",
          "--keep-cr",
          "--as",
          "--hold",
          "--partitions");

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec verb;

  @Option(
      names = "--from-password-file",
      paramLabel = "FILE",
      description =
          "A file whose first line is the password for --from amqp://USER@... (or"
              + " PIECEWORK_AMQP_PASSWORD). Default: none; guest's is guest.")
  @Nullable Path passwordFile;

  /** Whether items come from RabbitMQ. */
  static boolean areWanted(@Nullable String from) {
    return from != null && BrokerUri.isOne(from);
  }

  /** Says what does not go together. */
  void check(boolean wanted) {
    if (passwordFile != null && !wanted) {
      throw Refusal.usage("--from-password-file goes with --from amqp://HOST/VHOST/QUEUE");
    }
  }

  /** Where they come from. */
  BrokerUri uri(String from, Terminal terminal) {
    if (verb != null) {
      for (String name : OF_FILES) {
        if (verb.commandLine().getParseResult().hasMatchedOption(name)) {
          throw Refusal.usage(
              name + " does not go with --from amqp://: each message becomes an item as it is");
        }
      }
    }
    BrokerUri uri;
    try {
      uri = BrokerUri.parse(from);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage("--from amqp:// " + wrong.getMessage(), wrong);
    }
    if (uri.login().password() != null) {
      throw Refusal.usage(
          "everybody on this machine can see the password in --from; use --from-password-file or "
              + PASSWORD);
    }
    String password = terminal.environment().getOrDefault(PASSWORD, "");
    if (passwordFile != null) {
      password = RedisOptions.in(passwordFile, "--from-password-file");
    }
    return password.isEmpty() ? uri : uri.withPassword(password);
  }

  /** Fills; a first Ctrl-C ends it after what it has in hand. */
  FillReport fill(
      BrokerUri uri,
      boolean follow,
      Connection connection,
      Terminal terminal,
      UnaryOperator<Item> wished) {
    Signals.onFirst(() -> terminal.say("stopping; what is left stays in RabbitMQ"));
    var wishes =
        new MessageFill.Wishes(follow, connection.patience(), wished, connection.syncToDisk());
    try {
      return new MessageFill(connection.queue(), uri, wishes, terminal::say).run(Signals::received);
    } catch (BrokerException trouble) {
      throw new BackendException(trouble.away(), String.valueOf(trouble.getMessage()), trouble);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
