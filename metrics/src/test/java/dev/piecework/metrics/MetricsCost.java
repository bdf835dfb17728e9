package dev.piecework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.CallListener;
import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Measures what metrics cost a worker whose handler does nothing: rounds with and without them, in
 * turn, in one JVM. It is no part of {@code ./check}; docs/performance.md says how to run it.
 */
@RedisPerTest
final class MetricsCost {

  private static final int ITEMS = Integer.getInteger("metrics.items", 200_000);
  private static final int ROUNDS = Integer.getInteger("metrics.rounds", 11);

  @Test
  void countingCostsLittleOfAnItem(TestRedis redis) throws Exception {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int round = 0; round < ROUNDS + 2; round++) {
      double plain = drain(redis, "plain" + round, null);
      double counted =
          drain(redis, "counted" + round, WorkerMetrics.in(new PrometheusRegistry(), "q", "1"));
      if (round >= 2) { // what the compiler takes is not an item's
        without.add(plain);
        with.add(counted);
      }
    }
    System.out.printf(
        "MetricsCost: %,d items, %d rounds, us of CPU per item: %.2f without (%.2f to %.2f), %.2f"
            + " with metrics (%.2f to %.2f)%n",
        ITEMS,
        ROUNDS,
        median(without),
        without.getFirst(),
        without.getLast(),
        median(with),
        with.getFirst(),
        with.getLast());
  }

  private static double drain(
      TestRedis redis, String name, @org.jspecify.annotations.Nullable WorkerMetrics metrics)
      throws InterruptedException {
    CallListener calls = metrics == null ? CallListener.NONE : metrics;
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(redis.uri(), name), calls)) {
      queue.fill(IntStream.range(0, ITEMS).mapToObj(i -> Item.of("item " + i)));
      Worker worker = Worker.on(queue).slots(2);
      Handler nothing = attempt -> Outcome.done();
      long before = cpu();
      WorkerEnd end = (metrics == null ? worker : worker.listener(metrics)).run(nothing);
      long nanos = cpu() - before;
      assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
      return nanos / 1e3 / ITEMS;
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Sorts them. */
  private static double median(List<Double> figures) {
    figures.sort(null);
    return figures.get(figures.size() / 2);
  }
}
