package dev.piecework.cli.queue;

import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.amqp.BrokerException;
import dev.piecework.amqp.BrokerUri;
import dev.piecework.amqp.MessageFill;
import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.Room;
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
          "--as");

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec verb;

  @Option(
      names = "--from-password-file",
      paramLabel = "FILE",
      description =
          "A file whose first line is the password for --from amqp://USER@... (or"
              + " PIECEWORK_AMQP_PASSWORD). Default: none; guest's is guest.")
  @Nullable Path passwordFile;

  @Option(
      names = "--from-ca-file",
      paramLabel = "FILE",
      description =
          "The authorities (PEM) to trust with --from amqps://. Default: those of the JDK.")
  @Nullable Path authorities;

  /** Whether items come from RabbitMQ. */
  static boolean areWanted(@Nullable String from) {
    return from != null && BrokerUri.isOne(from);
  }

  /** Says what does not go together. */
  void check(boolean wanted) {
    String option =
        passwordFile != null
            ? "--from-password-file"
            : authorities != null ? "--from-ca-file" : null;
    if (option != null && !wanted) {
      throw Refusal.usage(option + " goes with --from amqp://HOST/VHOST/QUEUE");
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
    String password = terminal.environment().getOrDefault(PASSWORD, "").strip();
    if (passwordFile != null) {
      password = RedisOptions.in(passwordFile, "--from-password-file");
    }
    if (uri.login().isShown()) {
      terminal.say(
          "everybody on this machine can see the password in --from;"
              + " use --from-password-file or "
              + PASSWORD);
    }
    return trusting(password.isEmpty() ? uri : uri.withPassword(password));
  }

  private BrokerUri trusting(BrokerUri uri) {
    try {
      return authorities == null ? uri : uri.withAuthorities(authorities);
    } catch (IllegalArgumentException unusable) {
      throw Refusal.usage("--from-ca-file: " + unusable.getMessage(), unusable);
    }
  }

  /** Fills; a first Ctrl-C ends it after what it has in hand. */
  FillReport fill(
      BrokerUri uri,
      boolean follow,
      Connection connection,
      Terminal terminal,
      InputOptions input,
      UnaryOperator<Item> wished) {
    Signals.onFirst(() -> terminal.say("stopping; what is left stays in RabbitMQ"));
    Room room = input.room(connection.queue(), terminal::say);
    UnaryOperator<Item> counted =
        item -> {
          if (room != null) {
            room.take(item);
          }
          return wished.apply(item);
        };
    var wishes =
        new MessageFill.Wishes(
            follow,
            connection.patience(),
            counted,
            () -> room == null || room.isThere(),
            connection.syncToDisk());
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
