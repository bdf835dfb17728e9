package dev.piecework.cli;

import dev.piecework.cli.dashboard.ReportVerb;
import dev.piecework.cli.dashboard.UiVerb;
import dev.piecework.cli.kube.KubeAttachVerb;
import dev.piecework.cli.kube.KubeDeleteVerb;
import dev.piecework.cli.kube.KubeDescribeVerb;
import dev.piecework.cli.kube.KubeImageVerb;
import dev.piecework.cli.kube.KubeLogsVerb;
import dev.piecework.cli.kube.KubeManifestsVerb;
import dev.piecework.cli.kube.KubeRbacVerb;
import dev.piecework.cli.kube.KubeScaleVerb;
import dev.piecework.cli.kube.KubeSubmitVerb;
import dev.piecework.cli.queue.AdoptVerb;
import dev.piecework.cli.queue.DropVerb;
import dev.piecework.cli.queue.EstimateVerb;
import dev.piecework.cli.queue.FillVerb;
import dev.piecework.cli.queue.ItemsVerb;
import dev.piecework.cli.queue.PauseVerb;
import dev.piecework.cli.queue.PurgeVerb;
import dev.piecework.cli.queue.RequeueVerb;
import dev.piecework.cli.queue.ResultsVerb;
import dev.piecework.cli.queue.ResumeVerb;
import dev.piecework.cli.queue.SetVerb;
import dev.piecework.cli.queue.StatusVerb;
import dev.piecework.cli.queue.WaitVerb;
import dev.piecework.cli.redis.RedisVerb;
import dev.piecework.cli.run.DrillVerb;
import dev.piecework.cli.run.RunVerb;
import dev.piecework.cli.run.ScaleVerb;
import dev.piecework.cli.run.WorkVerb;
import dev.piecework.cli.selftest.SelfTestVerb;
import dev.piecework.cli.verb.Verb;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The verbs by name. Only the one that is called is instantiated and read by picocli: a verb must
 * start quickly.
 */
enum Verbs {
  RUN("run", "fill, work and collect the results, all on this machine", RunVerb::new),
  FILL("fill", "add items to a queue", FillVerb::new),
  WORK("work", "lease items and run a command for each, until drained", WorkVerb::new),
  STATUS("status", "how a queue, or every queue, stands", StatusVerb::new),
  WAIT("wait", "block until a queue is drained", WaitVerb::new),
  ITEMS("items", "look at items: attempts, worker, ages, error text", ItemsVerb::new),
  RESULTS("results", "print or save what was done", ResultsVerb::new),
  REQUEUE("requeue", "dead items back to waiting", RequeueVerb::new),
  DROP("drop", "dead items out of the queue", DropVerb::new),
  PAUSE("pause", "stop leasing; what is leased goes on", PauseVerb::new),
  RESUME("resume", "end a pause", ResumeVerb::new),
  PURGE("purge", "remove a queue with all that is in it", PurgeVerb::new),
  ADOPT("adopt", "put back what dead rediswq workers hold", AdoptVerb::new),
  SET("set", "change what is stored with a queue", SetVerb::new),
  UI("ui", "open a page on the queues: how they go, what failed, and buttons to act", UiVerb::new),
  REPORT("report", "write one file with everything about a run", ReportVerb::new),
  ESTIMATE(
      "estimate", "when a queue would end with so many workers, and its cost", EstimateVerb::new),
  SCALE("scale", "change a Job that runs here: its parallelism, suspend, resume", ScaleVerb::new),
  DRILL(
      "drill",
      "kill workers of a bag, on this Redis, and prove that nothing is lost",
      DrillVerb::new),
  REDIS("redis", "run the embedded Redis in the foreground", RedisVerb::new),
  SELF_TEST("self-test", "whether all works on this machine, for a bug report", SelfTestVerb::new),
  KUBE_IMAGE("kube image", "make the image of a worker, without Docker", KubeImageVerb::new),
  KUBE_MANIFESTS(
      "kube manifests", "print the objects that run a queue in a cluster", KubeManifestsVerb::new),
  KUBE_SUBMIT(
      "kube submit", "make a Job, fill its queue and follow it to its end", KubeSubmitVerb::new),
  KUBE_ATTACH("kube attach", "follow a Job that was submitted", KubeAttachVerb::new),
  KUBE_DESCRIBE(
      "kube describe",
      "what the cluster says of a Job, and what its queue says",
      KubeDescribeVerb::new),
  KUBE_LOGS("kube logs", "what the pods of a Job print", KubeLogsVerb::new),
  KUBE_SCALE("kube scale", "change how many pods a Job has", KubeScaleVerb::new),
  KUBE_DELETE("kube delete", "remove all that submit made", KubeDeleteVerb::new),
  KUBE_RBAC("kube rbac", "print a Role for who submits", KubeRbacVerb::new),
  COMPLETION("completion", "print a completion script for bash or zsh", CompletionVerb::new);

  private final String word;
  private final String summary;

  @SuppressWarnings("ImmutableEnumChecker") // a constructor
  private final Supplier<Verb> maker;

  Verbs(String word, String summary, Supplier<Verb> maker) {
    this.word = word;
    this.summary = summary;
    this.maker = maker;
  }

  static Optional<Verbs> named(String word) {
    return Arrays.stream(values()).filter(verb -> verb.word.equals(word)).findFirst();
  }

  /** How many of these arguments name the verb: two in a group. */
  static int wordsIn(List<String> arguments) {
    return VerbGroup.isOne(arguments.getFirst()) && arguments.size() > 1 ? 2 : 1;
  }

  /** Whether these arguments name a group and no verb of it. */
  static boolean isGroup(List<String> arguments) {
    return VerbGroup.isOne(arguments.getFirst())
        && (arguments.size() == 1
            || (arguments.size() == 2
                && List.of("-h", "--help", "help").contains(arguments.get(1))));
  }

  /** The verbs of a group. */
  static List<Verbs> of(String group) {
    return Arrays.stream(values()).filter(verb -> verb.word.startsWith(group + " ")).toList();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Verbs::word).toList();
  }

  String word() {
    return word;
  }

  String summary() {
    return summary;
  }

  Verb make() {
    return maker.get();
  }

  /** The parser of this verb's command line. */
  CommandLine parser(Verb verb) {
    return parser(verb, "piecework " + word);
  }

  CommandLine parser(Verb verb, String name) {
    return verb.parser(name, capital(summary) + ".");
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
