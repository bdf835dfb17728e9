package dev.piecework.cli;

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
  SCALE("scale", "change a Job that runs here: its parallelism, suspend, resume", ScaleVerb::new),
  REDIS("redis", "run the embedded Redis in the foreground", RedisVerb::new),
  KUBE_MANIFESTS(
      "kube manifests", "print the objects that run a queue in a cluster", KubeManifestsVerb::new),
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

  /** The group whose verbs have two words, as in {@code kube submit}. */
  private static final String GROUP = "kube";

  static Optional<Verbs> named(String word) {
    return Arrays.stream(values()).filter(verb -> verb.word.equals(word)).findFirst();
  }

  /** How many of these arguments name the verb: two in a group. */
  static int wordsIn(List<String> arguments) {
    return arguments.getFirst().equals(GROUP) && arguments.size() > 1 ? 2 : 1;
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
    CommandLine parser = new CommandLine(verb);
    parser.setCommandName(name);
    // An item may begin with @, and holds quotes because it is meant to.
    parser.setExpandAtFiles(false);
    parser.setTrimQuotes(false);
    parser.setCaseInsensitiveEnumValuesAllowed(true);
    parser.registerConverter(java.time.Duration.class, Values::duration);
    parser.registerConverter(Values.Backoff.class, Values.Backoff::parse);
    parser.registerConverter(Values.Size.class, Values.Size::parse);
    parser.getCommandSpec().usageMessage().width(100).description(capital(summary) + ".");
    return parser;
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
