package dev.piecework.cli.run;

import dev.piecework.SessionInfo;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the worker of this process is watched by machines. */
final class ObservedOptions {

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description =
          "Answer GET /metrics there for Prometheus; 0: a port that is free. It may be that of"
              + " --health-port.")
  @Nullable Integer metricsPort;

  @Option(
      names = "--log",
      paramLabel = "text|json",
      description =
          "json: each line on stderr is a JSON object, with one for each failed attempt, and with -v"
              + " for each that is done. Default: text; json in a pod.")
  @Nullable LogLines log;

  private @Nullable EventLog events;
  private @Nullable String worker;

  /**
   * Lines are what was asked for from now on.
   *
   * @param worker its name, or null for the host's
   */
  void log(Terminal terminal, @Nullable String worker) {
    this.worker = worker;
    if (logsJson(terminal)) {
      String name = worker == null ? SessionInfo.local(1).worker() : worker;
      events = new EventLog(terminal, name, InstantSource.system());
      terminal.logBy(events);
    }
  }

  /**
   * Sets up the rest.
   *
   * @param verbose whether what went well is logged too
   * @throws Refusal when the port is taken
   */
  @SuppressWarnings("resource") // the source is closed with what it is given to
  Observed open(Terminal terminal, String queue, boolean verbose) {
    if (events != null) {
      events.of(queue);
    }
    return new Observed(
        terminal,
        queue,
        metricsPort,
        events == null ? null : events.attempts(verbose),
        SpanSource.open(terminal, queue, worker));
  }

  /** The name of one that was given; null when none was. */
  @Nullable String firstGiven() {
    return metricsPort != null ? "--metrics-port" : log != null ? "--log" : null;
  }

  /** In a pod nobody reads along, but for who has a terminal there. */
  private boolean logsJson(Terminal terminal) {
    boolean pod = !terminal.environment().getOrDefault("KUBERNETES_SERVICE_HOST", "").isEmpty();
    return log == null ? pod && !terminal.errIsTerminal() : log == LogLines.JSON;
  }
}
