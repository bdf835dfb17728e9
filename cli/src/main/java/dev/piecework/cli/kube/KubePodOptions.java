package dev.piecework.cli.kube;

import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.manifest.Amount;
import dev.piecework.kubernetes.manifest.Placement;
import dev.piecework.kubernetes.manifest.PodOptions;
import dev.piecework.kubernetes.manifest.PodOptions.EnvSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the workers' pods run and what they are given. */
final class KubePodOptions {

  private static final Pattern VARIABLE = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
  private static final String QUALIFIED =
      "([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final Pattern LABEL = Pattern.compile(QUALIFIED);
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern OBJECT = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final List<String> EFFECTS =
      List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
  private static final List<String> POLICIES = List.of("IfNotPresent", "Always", "Never");

  /** Ours: a worker that was told otherwise would not be the one that the manifest describes. */
  private static final Map<String, String> RESERVED =
      Map.of(
          "REDIS_URL", "it comes from --redis, --redis-secret or --with-redis",
          "PIECEWORK_REDIS", "it comes from --redis, --redis-secret or --with-redis",
          "POD_NAME", "it is the pod's name",
          "TMPDIR", "it is /tmp, the only place that can be written to");

  @Option(
      names = "--cpu",
      paramLabel = "250m..1",
      description =
          "Processors of a pod: one number, or request..limit. The limit gives the slots.")
  @Nullable String cpu;

  @Option(
      names = "--memory",
      paramLabel = "512Mi",
      description = "Memory of a pod, the commands' included: one number, or request..limit.")
  @Nullable String memory;

  @Option(
      names = "--scratch",
      paramLabel = "1Gi",
      description = "The most that a pod may write to /tmp; the rest of its files is read-only.")
  @Nullable String scratch;

  @Option(names = "--env", paramLabel = "NAME=VALUE", description = "A variable for the commands.")
  List<String> env = new ArrayList<>();

  @Option(
      names = "--env-from",
      paramLabel = "secret/NAME|configmap/NAME",
      description = "Each key of it becomes a variable.")
  List<String> envFrom = new ArrayList<>();

  @Option(
      names = "--image-pull-secret",
      paramLabel = "NAME",
      description = "A Secret with the registry's password.")
  List<String> pullSecrets = new ArrayList<>();

  @Option(
      names = "--image-pull-policy",
      paramLabel = "POLICY",
      description = "IfNotPresent (default), Always or Never.")
  String pullPolicy = "IfNotPresent";

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "Use this ServiceAccount instead of one without any rights.")
  @Nullable String account;

  @Option(
      names = "--service-account-token",
      description = "Mount its token, for commands that talk to the API server.")
  boolean token;

  @Option(names = "--node-selector", paramLabel = "LABEL=VALUE", description = "Only such nodes.")
  List<String> nodeSelector = new ArrayList<>();

  @Option(
      names = "--toleration",
      paramLabel = "KEY[=VALUE][:EFFECT]",
      description = "Nodes with this taint too.")
  List<String> tolerations = new ArrayList<>();

  @Option(
      names = "--spot",
      description = "Spot nodes are welcome: tolerate their taints, prefer them, spread over many.")
  boolean spot;

  @Option(
      names = "--metrics",
      description =
          "Show Prometheus how the workers do: a port, annotations, and a PodMonitor for its"
              + " operator.")
  boolean metrics;

  PodOptions plan(Duration grace, Duration timeout) {
    if (grace.toSeconds() < 1 || grace.compareTo(Duration.ofDays(1)) > 0) {
      throw Refusal.usage("--grace has to be from 1s to 1d");
    }
    if (token && account == null) {
      throw Refusal.usage("--service-account-token goes with --service-account");
    }
    PodOptions defaults = PodOptions.DEFAULTS;
    return new PodOptions(
        KubeValues.read("--cpu", cpu, Amount::cpu, defaults.cpu()),
        KubeValues.read("--memory", memory, Amount::memory, defaults.memory()),
        KubeValues.read("--scratch", scratch, Amount::disk, defaults.scratch()),
        grace,
        timeout,
        oneOf("--image-pull-policy", pullPolicy, POLICIES),
        pullSecrets.stream().map(name -> object("--image-pull-secret", name)).toList(),
        variables(),
        envFrom.stream().map(KubePodOptions::source).toList(),
        new PodOptions.Account(
            account == null ? null : object("--service-account", account), token),
        new Placement(
            nodeLabels(), tolerations.stream().map(KubePodOptions::toleration).toList(), spot),
        metrics);
  }

  /** A name of an object that is there, as Kubernetes spells names. */
  static String object(String option, String name) {
    if (!OBJECT.matcher(name).matches()) {
      throw Refusal.usage(
          option
              + " '"
              + Printable.typed(name, 60)
              + "' is no name in a cluster: lower case letters, digits, '-' and '.'");
    }
    return name;
  }

  private Map<String, String> variables() {
    Map<String, String> pairs = new LinkedHashMap<>(KubeValues.pairs("--env", env, VARIABLE));
    for (String name : pairs.keySet()) {
      String why = RESERVED.get(name);
      if (why != null) {
        throw Refusal.usage("--env " + name + ": " + why);
      }
    }
    return pairs;
  }

  private Map<String, String> nodeLabels() {
    Map<String, String> labels = KubeValues.pairs("--node-selector", nodeSelector, LABEL);
    labels.forEach((label, value) -> {
      if (!LABEL_VALUE.matcher(value).matches()) {
        throw Refusal.usage("--node-selector " + label + ": '" + value + "' is no label's value");
      }
    });
    return labels;
  }

  private static EnvSource source(String text) {
    int slash = text.indexOf('/');
    String kind = slash < 0 ? text : text.substring(0, slash);
    EnvSource.Kind known =
        switch (kind) {
          case "secret" -> EnvSource.Kind.SECRET;
          case "configmap", "cm" -> EnvSource.Kind.CONFIG_MAP;
          default ->
              throw Refusal.usage(
                  "--env-from '"
                      + Printable.typed(text, 60)
                      + "': write it like secret/NAME or configmap/NAME");
        };
    return new EnvSource(known, object("--env-from", slash < 0 ? "" : text.substring(slash + 1)));
  }

  private static Placement.Tolerated toleration(String text) {
    int colon = text.lastIndexOf(':');
    String effect = colon < 0 ? null : text.substring(colon + 1);
    String taint = colon < 0 ? text : text.substring(0, colon);
    int equals = taint.indexOf('=');
    String key = equals < 0 ? taint : taint.substring(0, equals);
    String value = equals < 0 ? null : taint.substring(equals + 1);
    if (!LABEL.matcher(key).matches() || (value != null && !LABEL_VALUE.matcher(value).matches())) {
      throw Refusal.usage(
          "--toleration '"
              + Printable.typed(text, 60)
              + "': write it like the taint, KEY=VALUE:NoSchedule or KEY");
    }
    return new Placement.Tolerated(
        key, value, effect == null ? null : oneOf("--toleration", effect, EFFECTS));
  }

  private static String oneOf(String option, String given, List<String> known) {
    Optional<String> same = known.stream().filter(given::equalsIgnoreCase).findFirst();
    return same.orElseThrow(() ->
        Refusal.usage(
            option
                + " '"
                + Printable.typed(given, 60)
                + "' is none of "
                + String.join(", ", known)
                + Nearest.of(given, known)
                    .map(near -> "; did you mean '" + near + "'?")
                    .orElse("")));
  }
}
