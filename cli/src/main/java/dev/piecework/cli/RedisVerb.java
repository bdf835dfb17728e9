package dev.piecework.cli;

import dev.piecework.embedded.EmbeddedRedis;
import picocli.CommandLine.Command;

@Command(
    footer = {
      "",
      "The Redis that all verbs of this user share, for as long as this verb runs. The line printed",
      "holds its password.",
      "",
      "Example:",
      "  piecework redis"
    })
final class RedisVerb extends Verb {

  @Override
  ExitCode run(Terminal terminal) throws Exception {
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
}
