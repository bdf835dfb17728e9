package dev.piecework.cli.kube;

import dev.piecework.FillReport;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Progress;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.results.ResultsPump;
import dev.piecework.cli.results.ResultsThread;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.ClusterException;
import dev.piecework.kubernetes.cluster.PodGroup;
import dev.piecework.kubernetes.cluster.PodLogs;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows a Job until it is over and its queue drained, or until told to let it go. Looks at both
 * once a second; says what keeps pods from starting as soon as it is seen.
 */
final class KubeFollower implements AutoCloseable {

  /** How long one look at Redis may take: whoever looks has more to look at. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final long PAUSE_MILLIS = 1_000;
  private static final int LOG_ROUNDS = 30;
  private static final long LOG_MILLIS = 100;

  /** What is followed. */
  record Subject(Cluster cluster, Workload workload, KubeRedis redis, String name, KubeBag bag) {
    String queue() {
      String queue = bag.queue();
      if (queue == null) {
        throw new IllegalStateException("no queue");
      }
      return queue;
    }

    WorkQueue open(Duration timeout, QueueSettings settings, Consumer<String> notices) {
      return redis.open(queue(), bag.options(), timeout, settings, notices);
    }
  }

  /**
   * How it is followed.
   *
   * @param results the file that gets the results as they come; null when they stay in Redis
   * @param timeLimit for following; null for none
   * @param logs whether to show what the pods print
   * @param deleteOnExit whether all that submit made is deleted at the end
   */
  record Request(
      @Nullable Path results, @Nullable Duration timeLimit, boolean logs, boolean deleteOnExit) {}

  private final Terminal terminal;
  private final Subject subject;
  private final Request request;
  private final Duration timeout;
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final WorkQueue look;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable KubeFill fill;
  private boolean saidSuspended;
  private boolean saidAway;
  private int looksSinceOver;
  private long clusterAwaySince;

  /**
   * @param timeout how long Redis, or the API server, may be away
   */
  KubeFollower(Terminal terminal, Subject subject, Request request, Duration timeout) {
    this.terminal = terminal;
    this.subject = subject;
    this.request = request;
    this.timeout = timeout;
    this.look = subject.open(timeout, SettingsOptions.OURS, terminal::say);
  }

  /** From now on a fill of ours is waited for. */
  KubeFollower filling(@Nullable KubeFill ours) {
    fill = ours;
    return this;
  }

  private boolean filled() {
    KubeFill ours = fill;
    return ours == null || ours.report() != null;
  }

  /**
   * Follows.
   *
   * @param continued whether a results file that is there belongs to this run
   */
  ExitCode follow(boolean continued) throws Exception {
    long start = System.nanoTime();
    Signals.onFirst(letGo::countDown);
    Path file = request.results();
    if (file == null) {
      return conclude(watch(start), start);
    }
    try (WorkQueue taken = subject.open(timeout, SettingsOptions.OURS, terminal::say)) {
      String run = taken.run().orElse("");
      try (ResultsFile sink = ResultsFile.open(file, continued, run, terminal)) {
        ResultsThread results =
            ResultsThread.start(
                new ResultsPump(taken, sink, 0, true, terminal::say),
                thrown -> {
                  failure.compareAndSet(null, thrown);
                  letGo.countDown();
                });
        Optional<KubeEnd> end = watch(start);
        results.finish(end.map(KubeEnd::everything).orElse(false));
        throwFailure();
        ExitCode code = conclude(end, start);
        terminal.say(Figures.count(sink.written(), "result") + " written to " + sink.path());
        return code;
      }
    }
  }

  private void throwFailure() throws Exception {
    switch (failure.get()) {
      case null -> {}
      case Exception exception -> throw exception;
      case Error error -> throw error;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  /** Looks until the end; empty when we are to let go, or the time is over. */
  private Optional<KubeEnd> watch(long start) throws Exception {
    PodGroup redisPods = PodGroup.ofStatefulSet(subject.cluster(), redisLabels(), redisName());
    try (WorkQueue glance = subject.open(LOOK, SettingsOptions.OURS, _ -> {});
        Progress _ = Progress.start(terminal, glance, this::filled);
        StateWatch state = StateWatch.start(glance, timeout);
        PodLogs logs = subject.workload().logs((pod, line) -> terminal.passOn(pod + ": " + line))) {
      while (!isOver(start)) {
        if (fill != null) {
          fill.check();
        }
        KubeEnd end = lookOnce(state, redisPods, logs);
        if (end != null) {
          drainLogs(logs);
          return Optional.of(end);
        }
      }
      return Optional.empty();
    }
  }

  private boolean isOver(long start) throws InterruptedException {
    return letGo.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS) || timeIsOver(start);
  }

  private boolean timeIsOver(long start) {
    Duration limit = request.timeLimit();
    return limit != null && System.nanoTime() - start > limit.toNanos();
  }

  private @Nullable KubeEnd lookOnce(StateWatch state, PodGroup redisPods, PodLogs logs) {
    try {
      WorkloadView view = subject.workload().view().orElse(null);
      clusterAwaySince = 0;
      if (view == null || view.isOver()) {
        looksSinceOver++;
      } else {
        sayOnceSuspended(view);
      }
      if (view != null) {
        subject.workload().pods().tellTroubles(wanted(view), this::tell);
      }
      if (view != null && request.logs()) {
        logs.follow();
      }
      if (state.isAway()) {
        redisPods.tellTroubles(0, this::tell);
        sayOnceAway();
      } else {
        saidAway = false;
      }
      state.check();
      return KubeEnd.of(subject.queue(), view, state.state(), filled(), looksSinceOver);
    } catch (ClusterException no) {
      tolerate(no);
      return null;
    }
  }

  private static int wanted(WorkloadView view) {
    return view.wish().suspended() || view.isOver()
        ? 0
        : view.wish().parallelism() - view.pods().succeeded();
  }

  private void tell(String line) {
    terminal.say(Printable.line(line, 600));
  }

  private void sayOnceSuspended(WorkloadView view) {
    if (view.wish().suspended() && !saidSuspended) {
      terminal.say(
          "Job '" + subject.name() + "' is suspended: its pods start when somebody resumes it");
    }
    saidSuspended = view.wish().suspended();
  }

  private void sayOnceAway() {
    if (!saidAway) {
      saidAway = true;
      String why = subject.redis().trouble();
      terminal.say(
          "Redis does not answer"
              + (why == null ? "" : " (" + Printable.line(why, 300) + ")")
              + "; trying for "
              + Figures.time(timeout));
    }
  }

  /** An API server that is away is waited for; whatever else it says is final. */
  private void tolerate(ClusterException no) {
    if (no.kind() != ClusterException.Kind.AWAY) {
      throw no;
    }
    long now = System.nanoTime();
    if (clusterAwaySince == 0) {
      clusterAwaySince = now;
      terminal.say(
          Printable.line(String.valueOf(no.getMessage()), 300)
              + "; trying for "
              + Figures.time(timeout));
    } else if (now - clusterAwaySince > timeout.toNanos()) {
      throw no;
    }
  }

  /** What ended pods have printed last is waited for a little. */
  private void drainLogs(PodLogs logs) throws InterruptedException {
    if (!request.logs()) {
      return;
    }
    try {
      logs.follow();
    } catch (ClusterException gone) {
      return;
    }
    for (int i = 0; i < LOG_ROUNDS && logs.isReading(); i++) {
      if (letGo.await(LOG_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private ExitCode conclude(Optional<KubeEnd> end, long start) throws Exception {
    throwFailure();
    ExitCode code = end.map(KubeEnd::code).orElse(ExitCode.TIME_IS_OVER);
    if (end.isPresent()) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      terminal.say(
          end.get().sentence() + (code == ExitCode.DONE ? " in " + Figures.time(took) : ""));
    } else {
      sayHowToComeBack(timeIsOver(start));
    }
    if (request.deleteOnExit()) {
      int count = subject.cluster().removal(subject.name()).delete(false, _ -> {});
      terminal.say(
          "deleted what was made for '" + subject.name() + "': " + Figures.count(count, "object"));
    }
    // A signal decides by itself; this is for whoever asks before it does.
    return Signals.received() ? ExitCode.INTERRUPTED : code;
  }

  private void sayHowToComeBack(boolean late) {
    KubeFill ours = fill;
    boolean unfinished = ours != null && ours.report() == null;
    String why =
        late && request.timeLimit() != null && !Signals.received()
            ? "time limit of " + Figures.time(request.timeLimit()) + " passed"
            : "detached";
    terminal.say(
        why
            + (request.deleteOnExit()
                ? ""
                : "; the Job goes on, come back with: piecework kube attach " + subject.name())
            + (unfinished
                ? "; but not all is filled: the same submit again within "
                    + Figures.time(look.settings().producerGrace())
                    + " goes on with that"
                : ""));
  }

  /** The bar alone, before there is a Job. */
  Progress progress() {
    return Progress.start(terminal, look, this::filled);
  }

  /** How many items are there, once all of ours are. */
  Optional<Long> total() {
    KubeFill ours = fill;
    FillReport report = ours == null ? null : ours.report();
    var status = look.admin().status();
    return report == null || !status.producers().isEmpty()
        ? Optional.empty()
        : Optional.of(status.counts().total());
  }

  private Map<String, String> redisLabels() {
    return Map.of(
        "app.kubernetes.io/instance", subject.name(), "app.kubernetes.io/component", "redis");
  }

  private String redisName() {
    return subject.name() + "-redis";
  }

  @Override
  public void close() {
    look.close();
  }
}
