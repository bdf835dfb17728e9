package dev.piecework.cli.redis;

import dev.piecework.AclRules;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.embedded.EmbeddedRedis;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "The Redis that all verbs of this user share, for as long as this verb runs. The line printed",
      "holds its password. With --acl it starts nothing, and prints what a user of a Redis of yours has",
      "to be allowed for one queue, or for all whose names begin alike.",
      "",
      "Example:",
      "  piecework redis",
      "  piecework redis --acl 'job*' | sed 's/PASSWORD/.../' | redis-cli"
    })
public final class RedisVerb extends Verb {

  @Option(
      names = "--acl",
      paramLabel = "QUEUE",
      description =
          "Print the ACL SETUSER command for a user of this queue, or of all that begin with"
              + " 'NAME*': what Piecework needs, and nothing more.")
  @Nullable String acl;

  @Option(names = "--user", paramLabel = "NAME", description = "With --acl: the user's name.")
  String user = "piecework";

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    if (acl != null) {
      printAcl(terminal, acl);
      return ExitCode.DONE;
    }
    Thread foreground = Thread.currentThread();
    Signals.onFirst(foreground::interrupt);
    EmbeddedRedis.runInForeground(
        EmbeddedRedis.stateFolder(),
        EmbeddedRedis.idleLimit(),
        terminal::say,
        uri -> {
          terminal.print(uri);
          terminal.flush();
        });
    return ExitCode.DONE;
  }

  private void printAcl(Terminal terminal, String queue) {
    if (!user.matches("[A-Za-z0-9._-]{1,100}")) {
      throw Refusal.usage("--user takes letters, digits and . _ -");
    }
    try {
      String rules = String.join(" ", AclRules.forQueue(queue, false));
      terminal.print("ACL SETUSER " + user + " on >PASSWORD " + rules);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
    terminal.say(
        "put a password for PASSWORD; on Redis 7.2 or newer and on Valkey add +waitaof, on a Cluster"
            + " +cluster|slots +ping");
    terminal.flush();
  }
}
