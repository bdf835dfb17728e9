package dev.piecework.cli.kube;

import dev.piecework.cli.output.Figures;
import dev.piecework.cli.queue.PartitionsOption;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.run.CommandOptions;
import dev.piecework.cli.run.LogLines;
import dev.piecework.cli.run.WhichRunOptions;
import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.manifest.Shape;
import dev.piecework.kubernetes.manifest.WorkerPlan;
import dev.piecework.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What each worker in the cluster does: the options of {@code work} that mean something there. */
final class KubeWorkerOptions {

  /** What is left of an item's time when a pod is told to stop is waited for up to here. */
  private static final Duration LONGEST_GRACE = Duration.ofMinutes(5);

  /** What spot nodes give before they go is about 30 s, and not all of it is ours. */
  private static final Duration SPOT_GRACE = Duration.ofSeconds(10);

  private static final Duration USUAL_GRACE = Duration.ofSeconds(20);

  @Mixin CommandOptions command = new CommandOptions();
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Mixin PartitionsOption partitions = new PartitionsOption();
  @Mixin WhichRunOptions which = new WhichRunOptions();

  @Option(
      names = "--image",
      paramLabel = "REF",
      description = "The worker's image, as piecework kube image builds it.")
  @Nullable String image;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "How many commands run at once in a pod; default: as many as its CPU limit.")
  @Nullable Integer slots;

  @Option(
      names = "--leave-early",
      description = "Pool only: pods leave when the others hold all that is left.")
  boolean leaveEarly;

  @Option(
      names = "--fail-on-dead",
      description = "Pool only: the Job fails when drained with dead items.")
  boolean failOnDead;

  @Option(
      names = "--wait-for-fill",
      paramLabel = "1h",
      description = "How long workers wait for the first item of a queue that never held one.")
  Duration waitForFill = Duration.ofHours(1);

  @Option(
      names = "--redis-timeout",
      paramLabel = "10m",
      description = "How long workers wait while Redis is away, or refuses to write.")
  Duration redisTimeout = Duration.ofMinutes(10);

  @Option(
      names = "--grace",
      paramLabel = "20s",
      description =
          "When a pod is told to stop: how long what runs may take to end; default:"
              + " --timeout, at most 5m; without it 20s; with --spot at most 10s.")
  @Nullable Duration grace;

  @Option(
      names = "--log",
      paramLabel = "text|json",
      description = "How pods write their log: lines for people, or JSON, which is the default.")
  @Nullable LogLines log;

  WorkerPlan plan(Shape shape, boolean spot) {
    command.checkTogether();
    var _ = partitions.in(settings.wished()); // refuses what no queue takes
    if (image == null) {
      throw Refusal.usage("no --image: build one with piecework kube image");
    }
    if (slots != null && slots < 1) {
      throw Refusal.usage("--slots " + slots + ": at least one slot is needed");
    }
    if (slots != null && slots > Worker.MOST_SLOTS) {
      throw Refusal.usage(
          "--slots "
              + slots
              + ": a worker has "
              + Figures.number(Worker.MOST_SLOTS)
              + " slots at most");
    }
    if (which.expect != null && which.expect < 0) {
      throw Refusal.usage("--expect " + which.expect + ": it cannot be less than 0");
    }
    refuseWhatDoesNotFit(shape);
    List<String> words = new ArrayList<>();
    OptionWords ours = new OptionWords();
    ours.add("--slots", slots);
    words.addAll(ours.list());
    words.addAll(command.optionWords());
    words.addAll(settings.given().optionWords());
    words.addAll(partitions.optionWords());
    OptionWords more = new OptionWords();
    more.flag("--leave-early", leaveEarly);
    more.flag("--fail-on-dead", failOnDead);
    more.add("--wait-for-fill", waitForFill);
    more.add("--redis-timeout", redisTimeout);
    more.add("--grace", graceOf(spot));
    more.add("--log", log == null ? null : log.word());
    words.addAll(more.list());
    String reference = image;
    return KubeValues.read(
        "--image", () -> new WorkerPlan(reference, words, command.words, which.run, which.expect));
  }

  Duration graceOf(boolean spot) {
    if (grace != null) {
      return grace;
    }
    Duration fixed = command.fixedTimeout();
    Duration wish = fixed == null ? USUAL_GRACE : fixed;
    Duration most = spot ? SPOT_GRACE : LONGEST_GRACE;
    return wish.compareTo(most) > 0 ? most : wish;
  }

  private void refuseWhatDoesNotFit(Shape shape) {
    switch (shape) {
      case POOL -> {}
      case QUEUE -> {
        if (leaveEarly) {
          throw Refusal.usage(
              "--leave-early needs --shape pool: in the queue shape the first pod that leaves ends"
                  + " the replacing of those that die");
        }
        if (failOnDead) {
          throw Refusal.usage(
              "--fail-on-dead needs --shape pool: in the queue shape a worker that exits 1 is"
                  + " started again, until the back-off limit");
        }
      }
      case STREAM -> {
        String without =
            leaveEarly
                ? "--leave-early"
                : failOnDead
                    ? "--fail-on-dead"
                    : which.run != null ? "--run" : which.expect != null ? "--expect" : null;
        if (without != null) {
          throw Refusal.usage(without + " needs a Job: a worker of the stream shape never ends");
        }
      }
    }
  }
}
