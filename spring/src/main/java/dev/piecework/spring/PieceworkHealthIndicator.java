package dev.piecework.spring;

import dev.piecework.PieceworkException;
import dev.piecework.WorkQueue;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.WorkerEnd;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up when Redis answers for every queue, and every worker works and was heard within its lease
 * timeout.
 */
final class PieceworkHealthIndicator extends AbstractHealthIndicator {

  private final PieceworkQueues queues;
  private final PieceworkWorkers workers;

  PieceworkHealthIndicator(PieceworkQueues queues, PieceworkWorkers workers) {
    super("a queue could not be looked at");
    this.queues = queues;
    this.workers = workers;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    builder.up();
    for (WorkQueue queue : queues.opened()) {
      try {
        builder.withDetail("queue " + queue.name(), queue.state().word());
      } catch (PieceworkException away) {
        builder.down().withDetail("queue " + queue.name(), String.valueOf(away.getMessage()));
      }
    }
    for (PieceworkWorkers.HandlerWorker one : workers.all()) {
      builder.withDetail("worker of " + one.queue(), worker(builder, one));
    }
  }

  private Object worker(Health.Builder builder, PieceworkWorkers.HandlerWorker one) {
    WorkerEnd end = one.end();
    RunningWorker worker = one.worker();
    if (end != null || worker == null) {
      if (!(end instanceof WorkerEnd.Drained || end instanceof WorkerEnd.Stopped)) {
        builder.down();
      }
      return "has ended: " + end;
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("slots", one.slots());
    details.put("busy", worker.busySlots());
    details.put("heardMillisAgo", worker.sinceHeard().toMillis());
    if (worker.sinceHeard().compareTo(queues.queue(one.queue()).settings().leaseTimeout()) > 0) {
      builder.down();
    }
    return details;
  }
}
