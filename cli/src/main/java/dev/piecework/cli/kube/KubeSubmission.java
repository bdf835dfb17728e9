package dev.piecework.cli.kube;

import dev.piecework.FillOptions;
import dev.piecework.PieceworkException;
import dev.piecework.Producer;
import dev.piecework.QueueState;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Progress;
import dev.piecework.cli.queue.GivenSettings;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.PodGroup;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import dev.piecework.kubernetes.cluster.WorkloadView.End;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One submit, from what the cluster has to its end. Every step looks first at what is there, so
 * that a submit that was killed anywhere goes on when it is run again: the Secret's password and a
 * Job that is there are kept, and the fill knows its source and how far it came. The Job is made
 * last, for the run that the fill has begun; its template could not be changed afterwards.
 */
final class KubeSubmission {

  /** A fill that is over by then tells the workers how many items there are to be. */
  private static final Duration SHORT_FILL = Duration.ofSeconds(5);

  private static final Duration STEP = Duration.ofSeconds(1);

  /** What becomes of a Job that is there already. */
  enum Again {
    /** It is followed. */
    NO,
    /** One that is over is replaced, for what is missing. */
    RESUME,
    /** It is replaced, and its queue dropped. */
    FRESH
  }

  /** What is asked for. */
  record Request(
      Again again,
      Filling input,
      Workers workers,
      RedisAccess redis,
      KubeFollower.Request follow) {}

  /**
   * What it is filled from.
   *
   * @param source the name by which the input is known again; null for its path
   */
  record Filling(@Nullable String source, RecordFormat format) {}

  /**
   * What its workers work for.
   *
   * @param run null for the run that the fill begins
   * @param expect how many items it must come to hold; null when nobody said
   */
  record Workers(GivenSettings settings, @Nullable String run, @Nullable Long expect) {}

  /**
   * How Redis is reached.
   *
   * @param fromHere its URL for this machine; null for as the pods do, or by a port-forward
   * @param timeout how long it may be away
   */
  record RedisAccess(@Nullable String fromHere, Duration timeout) {}

  private final Terminal terminal;
  private final Cluster cluster;
  private final KubeWork work;
  private final Request request;
  private final Duration redisTimeout;

  KubeSubmission(Terminal terminal, Cluster cluster, KubeWork work, Request request) {
    this.terminal = terminal;
    this.cluster = cluster;
    this.work = work;
    this.request = request;
    this.redisTimeout = request.redis().timeout();
  }

  ExitCode go(@Nullable Input from) throws Exception {
    if (!work.isJob() && request.again() != Again.NO) {
      throw Refusal.usage(
          (request.again() == Again.FRESH ? "--fresh" : "--resume")
              + " needs a Job: the stream shape has no end");
    }
    Workload workload = work.isJob() ? cluster.job(work.name()) : cluster.deployment(work.name());
    Optional<WorkloadView> there = workload.view();
    boolean replaced =
        switch (request.again()) {
          case NO -> false;
          case RESUME -> there.isPresent() && there.get().isOver();
          case FRESH -> there.isPresent();
        };
    if (replaced) {
      there = Optional.empty();
      cluster.removal(work.name()).deleteJob();
      terminal.say("deleted the Job '" + work.name() + "'");
    }
    if (there.isPresent()) {
      return goOn(workload, there.get(), from);
    }
    for (HasMetadata object : work.foundations(cluster)) {
      cluster.apply(object);
    }
    if (work.deploysRedis()) {
      awaitRedis();
    }
    return begin(workload, from);
  }

  private void awaitRedis() throws InterruptedException {
    PodGroup pods =
        PodGroup.ofStatefulSet(
            cluster,
            Map.of(
                "app.kubernetes.io/instance", work.name(), "app.kubernetes.io/component", "redis"),
            work.name() + "-redis");
    long start = System.nanoTime();
    boolean said = false;
    while (pods.ready() == 0) {
      if (!said) {
        said = true;
        terminal.say("waiting for Redis to be ready (pod " + work.name() + "-redis-0)");
      }
      pods.tellTroubles(1, line -> terminal.say(Printable.line(line, 600)));
      if (System.nanoTime() - start > redisTimeout.toNanos()) {
        throw new Refusal(
            ExitCode.NO_REDIS,
            "Redis was not ready within "
                + Figures.time(redisTimeout)
                + " (--redis-timeout); see kubectl describe pod "
                + work.name()
                + "-redis-0. The same submit again goes on waiting");
      }
      Thread.sleep(STEP);
    }
  }

  /** There are no workers yet: fill, make them, follow. */
  private ExitCode begin(Workload workload, @Nullable Input from) throws Exception {
    KubeRedis.Inside inside = work.redis(cluster);
    try (KubeRedis redis = KubeRedis.at(cluster, inside, request.redis().fromHere());
        WorkQueue queue = open(redis)) {
      if (request.again() == Again.FRESH) {
        long dropped = queue.admin().purge();
        terminal.say("dropped the queue with " + Figures.count(dropped, "item"));
      }
      request.workers().settings().sayWhatWasNotTaken(work.queue(), queue.settings(), terminal);
      boolean begun = queue.admin().status().counts().total() > 0;
      int _ = queue.admin().reapGoneProcesses();
      Producer producer = from == null ? null : queue.produce(options(from));
      KubeFill fill =
          producer == null || from == null
              ? null
              : KubeFill.start(queue, producer, request.input().format(), from);
      String run = queue.run().orElse(null);
      KubeBag bag = new KubeBag(work.queue(), run, request.workers().expect());
      if (run == null) {
        terminal.say(
            "queue '"
                + work.queue()
                + "' has never held an item and there is no --from: its workers wait for somebody"
                + " to fill it");
      }
      try (KubeFollower follower = follower(workload, redis, bag).filling(fill)) {
        Long expect = fill == null ? bag.expect() : awaitFill(follower, fill);
        for (HasMetadata object : work.workers(run, expect)) {
          cluster.apply(object);
        }
        terminal.say(
            (work.isJob() ? "Job '" : "Deployment '")
                + work.name()
                + "' in namespace '"
                + cluster.namespace()
                + "'"
                + (run == null ? "" : ", run " + run));
        return follower.follow(begun);
      }
    }
  }

  /** Waits for a fill that is short, or must be over first; the number of items if it is. */
  private @Nullable Long awaitFill(KubeFollower follower, KubeFill fill) throws Exception {
    if (work.needsAllFilled()) {
      try (Progress _ = follower.progress()) {
        while (!fill.await(STEP)) {
          fill.check();
        }
      }
    }
    boolean over = fill.await(SHORT_FILL);
    fill.check();
    return over ? follower.total().orElse(null) : null;
  }

  /** The workers are there: fill what is missing, unless it is over, and follow. */
  private ExitCode goOn(Workload workload, WorkloadView there, @Nullable Input from)
      throws Exception {
    KubeBag bag = KubeBag.of(there).onQueue(null, work.name());
    refuseAnother(there, bag);
    KubeRedis.Inside inside = KubeRedis.inside(cluster, there);
    try (KubeRedis redis = KubeRedis.at(cluster, inside, request.redis().fromHere());
        WorkQueue opened = open(redis)) {
      WorkQueue queue = opened.with(bag.options().withExpect(0));
      QueueState state = queue.state();
      boolean over =
          there.isOver() || state instanceof QueueState.Drained || state instanceof QueueState.Lost;
      terminal.say(sayThere(there, over));
      KubeFill fill = from == null || over ? null : fillTheRest(queue, bag, from);
      try (KubeFollower follower = follower(workload, redis, bag).filling(fill)) {
        return follower.follow(true);
      }
    }
  }

  private String sayThere(WorkloadView there, boolean over) {
    String what = there.kind() + " '" + there.name() + "' ";
    return switch (there.end()) {
      case End.Complete _ ->
          what + "is Complete already, and nothing was filled; --fresh begins anew";
      case End.Failed _ ->
          what
              + "has failed, and nothing was filled; --resume makes a new one for what is missing,"
              + " --fresh begins anew";
      case End.NotYet _ -> what + "is there already: " + (over ? "following it" : "going on");
    };
  }

  private @Nullable KubeFill fillTheRest(WorkQueue queue, KubeBag bag, Input from)
      throws PieceworkException {
    int _ = queue.admin().reapGoneProcesses();
    Producer producer = queue.produce(options(from));
    if (bag.run() != null && !bag.run().equals(queue.run().orElse(""))) {
      // It was drained between the look and the fill, which so began another run: not wanted.
      var _ = producer.finish();
      return null;
    }
    return KubeFill.start(queue, producer, request.input().format(), from);
  }

  private void refuseAnother(WorkloadView there, KubeBag bag) {
    WorkloadView wanted = work.wanted(bag.run(), bag.expect());
    String run = request.workers().run();
    if (run != null && !run.equals(bag.run())) {
      throw Refusal.usage("Job '" + work.name() + "' works for run " + bag.run());
    }
    boolean same =
        there.worker().image().equals(wanted.worker().image())
            && GivenSettings.byPresentNames(there.worker().arguments())
                .equals(wanted.worker().arguments());
    if (!same && !work.isJob()) {
      work.workers(bag.run(), bag.expect()).forEach(cluster::apply);
      terminal.say("Deployment '" + work.name() + "' is changed: its pods are replaced");
      return;
    }
    if (!same) {
      throw Refusal.usage(
          there.kind()
              + " '"
              + work.name()
              + "' is there already and runs something else, which cannot be changed: give another"
              + " --name, follow it with kube attach, or remove it with kube delete; nothing was"
              + " changed");
    }
    if (there.wish().parallelism() != wanted.wish().parallelism() && !there.isOver()) {
      terminal.say(
          "it keeps its parallelism of "
              + there.wish().parallelism()
              + "; change it with: piecework kube scale "
              + work.name()
              + " "
              + wanted.wish().parallelism());
    }
  }

  private FillOptions options(Input from) {
    String named = request.input().source();
    boolean unique = request.input().format().unique();
    return new FillOptions(named == null ? from.source() : named, false, unique, false);
  }

  private WorkQueue open(KubeRedis redis) {
    return redis.open(
        work.queue(),
        SessionOptions.DEFAULTS,
        redisTimeout,
        KubeWork.settings(request.workers().settings()),
        terminal::say);
  }

  private KubeFollower follower(Workload workload, KubeRedis redis, KubeBag bag) {
    return new KubeFollower(
        terminal,
        new KubeFollower.Subject(cluster, workload, redis, work.name(), bag),
        request.follow(),
        redisTimeout);
  }
}
