package dev.piecework.cli.run;

import dev.piecework.SessionInfo;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Version;
import dev.piecework.traces.TraceExport;
import dev.piecework.traces.TraceVariables;
import dev.piecework.traces.WorkerTraces;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The spans of this process's worker, and where they are sent. What it uses has its library's jars
 * when a variable asks for traces, and must not be touched otherwise.
 */
record SpanSource(TraceExport export, WorkerTraces traces) implements AutoCloseable {

  /**
   * As OpenTelemetry's variables say; null if they ask for nothing.
   *
   * @param worker its name, or null for the host's
   * @throws Refusal when a variable's value is of no use
   */
  static @Nullable SpanSource open(Terminal terminal, String queue, @Nullable String worker) {
    if (!TraceVariables.askFor(terminal.environment())) {
      return null;
    }
    try {
      TraceExport export =
          TraceExport.start(
              terminal.environment(), Version.text(), InstantSource.system(), terminal::say);
      String name = worker == null ? SessionInfo.local(1).worker() : worker;
      return new SpanSource(export, export.worker(queue, name));
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  @Override
  public void close() {
    export.close();
  }
}
