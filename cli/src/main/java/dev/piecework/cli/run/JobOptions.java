package dev.piecework.cli.run;

import dev.piecework.cli.verb.Refusal;
import dev.piecework.job.manifest.PodRuntime;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code run} is told about a Job's manifest. */
final class JobOptions {
  enum Kind {
    TABLE,
    JSON,
    YAML
  }

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "JOB.YAML",
      description =
          "Run the Kubernetes Job in this file, - for stdin, instead of a command per item.")
  @Nullable Path file;

  @Option(
      names = "--from-cronjob",
      description = "With -f: run the Job of the CronJob's template, once and now.")
  boolean fromCronJob;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "With -f: how many pods at a time, whatever the manifest says.")
  @Nullable Integer parallelism;

  @Option(
      names = "--logs-dir",
      paramLabel = "DIR",
      description = "With -f: keep a log per pod there; default: in the state folder.")
  @Nullable Path logs;

  @Option(
      names = "--runtime",
      paramLabel = "process|podman",
      description =
          "With -f: what runs containers. process: their commands, without the image; podman: the"
              + " images. Default: ${DEFAULT-VALUE}.",
      defaultValue = "process")
  PodRuntime runtime = PodRuntime.PROCESS;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json|yaml",
      description =
          "With -f: at the end the Job with its status, as a cluster would return it; pods then"
              + " print to stderr. Default: as kubectl describe.")
  @Nullable Kind kind;

  /** Without a manifest none of them has a meaning. */
  void check() {
    String without =
        parallelism != null
            ? "--parallelism"
            : logs != null
                ? "--logs-dir"
                : kind != null
                    ? "-o"
                    : fromCronJob
                        ? "--from-cronjob"
                        : runtime != PodRuntime.PROCESS ? "--runtime" : null;
    if (without != null) {
      throw Refusal.usage(without + " goes with -f JOB.YAML");
    }
  }

  void refuseWhatIsForItems(RunVerb verb) {
    String forItems =
        !verb.command.words.isEmpty() || verb.input.grid != null
            ? "a command after --"
            : verb.input.from != null
                ? "--from"
                : verb.queue != null
                    ? "-q"
                    : verb.results != null
                        ? "--results"
                        : verb.resume ? "--resume" : forCommands(verb);
    if (forItems != null) {
      throw Refusal.usage("-f runs the Job of the manifest: it does not go with " + forItems);
    }
    if (parallelism != null && parallelism < 0) {
      throw Refusal.usage("--parallelism " + parallelism + ": it cannot be less than 0");
    }
  }

  private static @Nullable String forCommands(RunVerb verb) {
    String kept = verb.command.kept.firstGiven();
    String sample = verb.sample.firstGiven();
    return kept != null ? kept : sample != null ? sample : verb.observed.firstGiven();
  }
}
