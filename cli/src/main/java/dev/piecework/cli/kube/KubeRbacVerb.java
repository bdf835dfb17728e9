package dev.piecework.cli.kube;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.ClusterAddress;
import dev.piecework.kubernetes.cluster.ClusterException;
import dev.piecework.kubernetes.manifest.Manifest;
import dev.piecework.kubernetes.manifest.ManifestText;
import dev.piecework.kubernetes.rights.Rights;
import dev.piecework.kubernetes.rights.RightsRole;
import dev.piecework.kubernetes.rights.RightsRole.Holder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "Prints a Role with no more than these verbs use, a RoleBinding, and the ServiceAccount that",
      "gets it unless --user or --group is said. Nothing is sent anywhere.",
      "",
      "Example:",
      "  piecework kube rbac submit attach -n batch | kubectl apply -f -"
    })
public final class KubeRbacVerb extends Verb {

  @Parameters(
      arity = "0..*",
      paramLabel = "VERB",
      description =
          "What it is for: submit, attach, scale, describe, logs, delete; default: all of them.")
  List<String> verbs = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name of Role, RoleBinding and ServiceAccount (piecework-submit).")
  String name = "piecework-submit";

  @Option(names = "--user", paramLabel = "NAME", description = "The user who gets it.")
  @Nullable String user;

  @Option(names = "--group", paramLabel = "NAME", description = "The group of users who get it.")
  @Nullable String group;

  @Option(names = "--stream", description = "For the stream shape: Deployments in place of Jobs.")
  boolean stream;

  @Option(names = "--keda", description = "With --stream: what KEDA scales by, too.")
  boolean keda;

  @Option(names = "--metrics", description = "PodMonitors of the Prometheus operator, too.")
  boolean metrics;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The kubeconfig's context that says the namespace.")
  @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Default: the files that KUBECONFIG names, or ~/.kube/config.")
  @Nullable Path kubeconfig;

  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Override
  public ExitCode run(Terminal terminal) {
    if (user != null && group != null) {
      throw Refusal.usage("--user and --group exclude each other");
    }
    if (keda && !stream) {
      throw Refusal.usage("--keda goes with --stream");
    }
    KubePodOptions.object("--name", name);
    var rights = Rights.of(uses(), new Rights.Kinds(stream, keda, metrics));
    var manifests =
        RightsRole.objects(name, namespace(), rights, holder()).stream()
            .map(object -> new Manifest(object, Map.of()))
            .toList();
    terminal.print(ManifestText.yaml(manifests).stripTrailing());
    return ExitCode.DONE;
  }

  private Holder holder() {
    return user != null
        ? new Holder.User(user)
        : group != null ? new Holder.Group(group) : new Holder.Account(name);
  }

  private Set<Rights.Use> uses() {
    if (verbs.isEmpty()) {
      return EnumSet.allOf(Rights.Use.class);
    }
    return verbs.stream()
        .map(KubeRbacVerb::use)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Rights.Use.class)));
  }

  private static Rights.Use use(String verb) {
    return Arrays.stream(Rights.Use.values())
        .filter(use -> word(use).equals(verb))
        .findFirst()
        .orElseThrow(() -> {
          List<String> known = Stream.of(Rights.Use.values()).map(KubeRbacVerb::word).toList();
          return Refusal.usage(
              "'"
                  + Printable.typed(verb, 60)
                  + "' is no verb of kube that takes rights"
                  + Nearest.of(verb, known)
                      .map(near -> "; did you mean '" + near + "'?")
                      .orElse("; there are " + String.join(", ", known)));
        });
  }

  private static String word(Rights.Use use) {
    return use.name().toLowerCase(Locale.ROOT);
  }

  /** That of kubectl, unless it is said: a RoleBinding has to name it. */
  private String namespace() {
    String named = namespace.name;
    if (named != null) {
      return named;
    }
    try (Cluster cluster = Cluster.open(new ClusterAddress(kubeconfig, context, null))) {
      return cluster.namespace();
    } catch (ClusterException no) {
      throw Refusal.usage(no.getMessage() + "; or say --namespace", no);
    }
  }
}
