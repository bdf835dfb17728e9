package dev.piecework.benchmarks.starter;

import com.sun.management.OperatingSystemMXBean;
import dev.piecework.Item;
import dev.piecework.QueueState;
import dev.piecework.WorkQueue;
import dev.piecework.spring.PieceworkHandler;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The same bag with the same handler, by turns by a plain worker, by one of the starter, and by one
 * that tells metrics and observations: {@code REDIS_URL ITEMS ROUNDS}. Prints the CPU of this
 * process from the first lease to the end of each bag, in µs for each item. A first round, in which
 * the JVM compiles, is not counted.
 */
final class BesidePlain {

  private static final int SLOTS = 8;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final String redis;
  private final int items;
  private int bags;

  /** What a user writes. */
  @EnableAutoConfiguration
  static class Application {

    @PieceworkHandler(queue = "${bench.queue}", slots = "" + SLOTS)
    Outcome handle(Attempt attempt) {
      return Outcome.done();
    }
  }

  /** Makes the workers of a queue, and answers with what stops them. */
  private interface Workers {
    AutoCloseable of(WorkQueue queue, String name);
  }

  private BesidePlain(String redis, int items) {
    this.redis = redis;
    this.items = items;
  }

  public static void main(String[] args) throws Exception {
    BesidePlain bench = new BesidePlain(args[0], Integer.parseInt(args[1]));
    int rounds = Integer.parseInt(args[2]);
    List<Double> plain = new ArrayList<>();
    List<Double> starter = new ArrayList<>();
    List<Double> observed = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double ofPlain = bench.micros(bench::plain);
      double ofStarter = bench.micros((queue, name) -> bench.starter(name, false));
      double ofObserved = bench.micros((queue, name) -> bench.starter(name, true));
      if (round > 0) {
        plain.add(ofPlain);
        starter.add(ofStarter);
        observed.add(ofObserved);
      }
    }
    System.out.println(
        "{\"plain\": "
            + list(plain)
            + ", \"starter\": "
            + list(starter)
            + ", \"observed\": "
            + list(observed)
            + "}");
  }

  private static String list(List<Double> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }

  /** Of one bag. The queue is paused until all has started, so that the start is not in it. */
  private double micros(Workers workers) throws Exception {
    String name = "bench" + bags++;
    try (WorkQueue queue = WorkQueue.open(redis, name)) {
      queue.fill(IntStream.range(0, items).mapToObj(i -> Item.of("item " + i)));
      queue.admin().pause("until all has started");
      long before;
      long after;
      try (AutoCloseable _ = workers.of(queue, name)) {
        before = PROCESS.getProcessCpuTime();
        queue.admin().resume();
        while (!(queue.state() instanceof QueueState.Drained)) {
          Thread.sleep(5);
        }
        after = PROCESS.getProcessCpuTime();
      }
      queue.admin().purge();
      return (after - before) / 1e3 / items;
    }
  }

  private AutoCloseable plain(WorkQueue queue, String name) {
    RunningWorker worker = Worker.on(queue).slots(SLOTS).forever().start(attempt -> Outcome.done());
    return () -> {
      worker.stop(Duration.ofSeconds(30));
      worker.await();
    };
  }

  private AutoCloseable starter(String name, boolean observed) {
    SpringApplication application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    ConfigurableApplicationContext context =
        application.run(
            "--piecework.redis=" + redis,
            "--bench.queue=" + name,
            "--piecework.metrics.observations=" + observed,
            "--management.defaults.metrics.export.enabled=" + observed,
            "--spring.main.banner-mode=off",
            "--spring.main.register-shutdown-hook=false",
            "--logging.level.root=error");
    return context;
  }
}
