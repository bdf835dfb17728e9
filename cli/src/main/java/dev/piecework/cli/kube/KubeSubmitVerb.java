package dev.piecework.cli.kube;

import dev.piecework.cli.backend.DeadlineRule;
import dev.piecework.cli.backend.FollowOptions;
import dev.piecework.cli.backend.Submission;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.TakesCommand;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.ClusterException;
import dev.piecework.kubernetes.manifest.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    customSynopsis = {
      "piecework kube submit -q QUEUE --image REF [OPTIONS] [--from FILE|-] -- CMD ...",
      "piecework kube submit -q QUEUE -f JOB.YAML [OPTIONS] [--from FILE|-]"
    },
    footer = {
      "",
      "Makes what kube manifests would print, fills the queue and follows the Job until its queue"
          + " is",
      "drained. Safe to run again at every point: it goes on where it was. Ctrl-C detaches; the"
          + " Job",
      "goes on, and piecework kube attach comes back to it.",
      "",
      "Exits 0 when all is done, 1 when some items are dead, 3 when the run is lost or incomplete,",
      "4 when Redis or the cluster cannot be reached, 5 when --time-limit is over, 6 when the Job",
      "failed.",
      "",
      "Example:",
      "  piecework kube submit --with-redis -q job2 -p 4 --image registry.example/job2:1 \\",
      "      --from files.txt --results out.jsonl -- ./worker.sh {}"
    })
public final class KubeSubmitVerb extends Verb implements TakesCommand {

  @Mixin KubeJobOptions job = new KubeJobOptions();
  @Mixin InputOptions input = new InputOptions();
  @Mixin ClusterOptions cluster = new ClusterOptions();
  @Mixin FollowOptions follow = new FollowOptions();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "JOB.YAML",
      description =
          "Submit the Job in this file as it is, with what else is in it; it starts when all is"
              + " filled.")
  @Nullable Path file;

  @Option(
      names = "--as",
      paramLabel = "SOURCE",
      description = "The name of the input, by which it is known again; default: its path.")
  @Nullable String source;

  @Option(
      names = "--deadline",
      paramLabel = "30m",
      description =
          "Be done so long after this submit: begins with -p pods, and chooses their number from the"
              + " estimate of the end, as long as it is followed.")
  @Nullable Duration deadline;

  @Option(
      names = "--max-parallelism",
      paramLabel = "N",
      description = "With --deadline: never more pods than that.")
  @Nullable Integer maxParallelism;

  @Option(
      names = "--resume",
      description = "When the Job has failed: a new one for what is missing.")
  boolean resume;

  @Option(
      names = "--fresh",
      description = "Drop the Job that is there and its queue, and begin anew.")
  boolean fresh;

  @Override
  public void command(List<String> words) {
    job.worker.command.words = words;
  }

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    if (resume && fresh) {
      throw Refusal.usage("--resume and --fresh exclude each other");
    }
    if (source != null && input.from == null) {
      throw Refusal.usage("--as names the input of --from");
    }
    if (input.from != null) {
      job.worker.command.readFrom(input);
    }
    input.check();
    follow.check();
    DeadlineRule rule = deadlineRule();
    if (input.from != null) {
      input.sayOrder(terminal);
    }
    Input from = input.from == null ? null : Input.of(input.from);
    try {
      return submit(terminal, from, rule);
    } catch (ClusterException no) {
      throw KubeBackend.said(no);
    }
  }

  private @Nullable DeadlineRule deadlineRule() {
    if (deadline == null && maxParallelism == null) {
      return null;
    }
    if (deadline == null || maxParallelism == null) {
      throw Refusal.usage(
          "--deadline and --max-parallelism go together: by when, and with how many pods at most");
    }
    if (file != null || job.shape.equalsIgnoreCase(Shape.STREAM.name())) {
      throw Refusal.usage(
          "--deadline is for a Job that submit makes: leave out "
              + (file != null ? "-f" : "--shape stream"));
    }
    if (maxParallelism < job.parallelism) {
      throw Refusal.usage(
          "--max-parallelism "
              + maxParallelism
              + " is less than the "
              + Figures.count(job.parallelism, "pod")
              + " to begin with (-p)");
    }
    try {
      return new DeadlineRule(deadline, maxParallelism);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage("--deadline: " + wrong.getMessage(), wrong);
    }
  }

  /** A Job whose number of pods is chosen is planned for the most of them. */
  private KubeWork planned(Terminal terminal, @Nullable DeadlineRule rule) {
    Integer begin = rule == null ? null : job.parallelism;
    if (rule != null) {
      job.parallelism = rule.most();
    }
    return KubeWork.planned(job.plan(terminal), begin);
  }

  private ExitCode submit(Terminal terminal, @Nullable Input from, @Nullable DeadlineRule rule)
      throws Exception {
    KubeWork work = file == null ? planned(terminal, rule) : written(file, terminal);
    if (file == null && from != null) {
      input.require(job.worker.command.wanted(), job.worker.settings.wished());
    }
    if (job.namespace.name != null
        && work.namespace() != null
        && !job.namespace.name.equals(work.namespace())) {
      throw Refusal.usage(
          "-n "
              + job.namespace.name
              + ", but the Job is written for namespace "
              + work.namespace());
    }
    String namespace = job.namespace.name == null ? work.namespace() : job.namespace.name;
    try (Cluster open = cluster.open(namespace)) {
      new SubmitCheck(open, work, cluster.redisFromHere)
          .check(resume || fresh, follow.request(), job.worker.redisTimeout);
      KubePlannedWorkers workers = new KubePlannedWorkers(open, work);
      return new Submission(terminal, workers.backend(), workers, request(rule)).go(from);
    }
  }

  private KubeWork written(Path file, Terminal terminal) {
    job.refuseForFile();
    return KubeWork.written(file, job.queue, job.redis.uri, terminal);
  }

  private Submission.Request request(@Nullable DeadlineRule rule) {
    Submission.Again again =
        fresh ? Submission.Again.FRESH : resume ? Submission.Again.RESUME : Submission.Again.NO;
    return new Submission.Request(
        again,
        new Submission.Filling(source, input.records()),
        new Submission.Workers(
            job.worker.settings.given(),
            job.worker.partitions,
            job.worker.which.run,
            job.worker.which.expect),
        new Submission.RedisWay(cluster.redisFromHere, job.worker.redisTimeout),
        follow.request(rule));
  }
}
