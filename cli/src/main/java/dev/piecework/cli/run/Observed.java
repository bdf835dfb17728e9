package dev.piecework.cli.run;

import dev.piecework.CallListener;
import dev.piecework.QueueAdmin;
import dev.piecework.cli.queue.FillTrace;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerListener;
import dev.piecework.worker.process.AttemptContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The worker of this process as it is seen from outside: its metrics, health, log and traces. */
final class Observed implements AutoCloseable {

  private final Terminal terminal;
  private final @Nullable WorkerListener log;
  private final @Nullable SpanSource spans;
  private final int metricsNumber;
  private final @Nullable HttpPort metricsPort;
  private final @Nullable MetricsPage page;
  private @Nullable HttpPort healthPort;
  private @Nullable HealthCheck health;

  /**
   * @param metrics the port to show metrics on, or null for none
   * @param log hears what becomes of the worker, or null where lines are for people
   * @param spans makes traces, or null for none; closed with this
   */
  Observed(
      Terminal terminal,
      String queue,
      @Nullable Integer metrics,
      @Nullable WorkerListener log,
      @Nullable SpanSource spans) {
    this.terminal = terminal;
    this.log = log;
    this.spans = spans;
    this.metricsNumber = metrics == null ? -1 : metrics;
    this.metricsPort = metrics == null ? null : new HttpPort("--metrics-port", metrics);
    this.page = metricsPort == null ? null : new MetricsPage(queue);
    if (metricsPort != null && page != null) {
      metricsPort.serve(MetricsPage.PATH, page);
      terminal.say("metrics: GET " + MetricsPage.PATH + " on port " + metricsPort.port());
    }
  }

  /** To be told of each call of Redis. */
  CallListener calls() {
    CallListener counts = page == null ? CallListener.NONE : page.metrics();
    if (spans == null) {
      return counts;
    }
    return page == null
        ? spans.traces()
        : call -> {
          CallListener.Answered _ = spans.traces().calling(call);
          return counts.calling(call);
        };
  }

  /** Which trace an attempt belongs to, for what is started for it. */
  AttemptContext context() {
    return spans == null ? AttemptContext.NONE : spans.traces();
  }

  /**
   * The same worker, with those who listen.
   *
   * @param queue that it works on
   */
  Worker by(Worker worker, QueueAdmin queue) {
    Worker heard = page == null ? worker : worker.listener(page.metrics());
    if (spans != null) {
      spans.traces().linkTo(() -> queue.note(FillTrace.NOTE));
      heard = heard.listener(spans.traces());
    }
    return log == null ? heard : heard.listener(log);
  }

  /**
   * Answers a liveness probe from now on; on the port of the metrics if it has the same number.
   *
   * @param most how long the heartbeat may be away
   */
  void health(int port, Duration most) {
    health = new HealthCheck(most);
    HttpPort on = metricsPort;
    if (on == null || port != metricsNumber) {
      on = new HttpPort("--health-port", port);
      healthPort = on;
    }
    on.serve(HealthCheck.PATH, health);
    terminal.say("health: GET " + HealthCheck.PATH + " on port " + on.port());
  }

  /** From now on all is about this worker. */
  void watch(RunningWorker worker) {
    if (health != null) {
      health.watch(worker::sinceHeard);
    }
    if (page != null) {
      page.metrics().watch(worker);
    }
  }

  @Override
  public void close() {
    if (healthPort != null) {
      healthPort.close();
    }
    if (metricsPort != null) {
      metricsPort.close();
    }
    if (spans != null) {
      spans.close();
    }
  }
}
