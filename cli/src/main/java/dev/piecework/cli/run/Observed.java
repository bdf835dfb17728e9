package dev.piecework.cli.run;

import dev.piecework.CallListener;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The worker of this process as it is seen from outside: its metrics, its health, its log. */
final class Observed implements AutoCloseable {

  private final Terminal terminal;
  private final @Nullable WorkerListener log;
  private final int metricsNumber;
  private final @Nullable HttpPort metricsPort;
  private final @Nullable MetricsPage page;
  private @Nullable HttpPort healthPort;
  private @Nullable HealthCheck health;

  /**
   * @param metrics the port to show metrics on, or null for none
   * @param log hears what becomes of the worker, or null where lines are for people
   */
  Observed(
      Terminal terminal, String queue, @Nullable Integer metrics, @Nullable WorkerListener log) {
    this.terminal = terminal;
    this.log = log;
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
    return page == null ? CallListener.NONE : page.metrics();
  }

  /** The same worker, with those who listen. */
  Worker by(Worker worker) {
    Worker counted = page == null ? worker : worker.listener(page.metrics());
    return log == null ? counted : counted.listener(log);
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
  void watch(RunningWorker worker, int slots) {
    if (health != null) {
      health.watch(worker::sinceHeard);
    }
    if (page != null) {
      page.metrics().watch(worker, slots);
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
  }
}
