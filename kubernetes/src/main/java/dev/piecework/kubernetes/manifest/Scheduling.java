package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTerm;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTermBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** On which nodes pods are put. */
final class Scheduling {

  /** What clouds call nodes that may vanish: a label, and on some a taint of the same name. */
  private static final Map<String, String> SPOT =
      new TreeMap<>(
          Map.of(
              "cloud.google.com/gke-spot", "true",
              "eks.amazonaws.com/capacityType", "SPOT",
              "karpenter.sh/capacity-type", "spot",
              "kubernetes.azure.com/scalesetpriority", "spot"));

  private Scheduling() {}

  /** Of all pods: a registry of one's own may have Redis too. */
  static void pullSecrets(Plan plan, PodSpecBuilder spec) {
    if (!plan.pod().pullSecrets().isEmpty()) {
      spec.withImagePullSecrets(
          plan.pod().pullSecrets().stream().map(LocalObjectReference::new).toList());
    }
  }

  /** A worker is replaced at once; Redis had better stay, and not all of it on one node. */
  static void redis(Plan plan, RedisLayout layout, PodSpecBuilder spec) {
    AffinityBuilder affinity = new AffinityBuilder();
    if (plan.pod().placement().spot()) {
      List<NodeSelectorRequirement> none = new ArrayList<>();
      SPOT.forEach((key, value) -> none.add(node(key, "NotIn", value)));
      affinity
          .withNewNodeAffinity()
          .addNewPreferredDuringSchedulingIgnoredDuringExecution()
          .withWeight(100)
          .withNewPreference()
          .withMatchExpressions(none)
          .endPreference()
          .endPreferredDuringSchedulingIgnoredDuringExecution()
          .endNodeAffinity();
    }
    if (layout.several()) {
      affinity
          .withNewPodAntiAffinity()
          .withPreferredDuringSchedulingIgnoredDuringExecution(
              apart(plan, 100, "kubernetes.io/hostname"),
              apart(plan, 50, "topology.kubernetes.io/zone"))
          .endPodAntiAffinity();
    }
    if (affinity.hasNodeAffinity() || affinity.hasPodAntiAffinity()) {
      spec.withAffinity(affinity.build());
    }
  }

  private static WeightedPodAffinityTerm apart(Plan plan, int weight, String key) {
    return new WeightedPodAffinityTermBuilder()
        .withWeight(weight)
        .withNewPodAffinityTerm()
        .withTopologyKey(key)
        .withNewLabelSelector()
        .withMatchLabels(plan.names().selector(Names.Component.REDIS))
        .endLabelSelector()
        .endPodAffinityTerm()
        .build();
  }

  static Map<String, String> redisNotes(Plan plan, RedisLayout layout) {
    String spot = "Workers may vanish with their nodes; Redis rather not.";
    String apart =
        "On a node of its own for each, if there are as many: preferred and not required, so that it"
            + " runs on a cluster of one node too, where it outlives its pods and volumes, and not"
            + " the node.";
    boolean both = plan.pod().placement().spot() && layout.several();
    return !plan.pod().placement().spot() && !layout.several()
        ? Map.of()
        : Map.of(
            "spec.template.spec.affinity",
            both ? spot + " " + apart : layout.several() ? apart : spot);
  }

  static void workers(Plan plan, PodSpecBuilder spec) {
    Placement placement = plan.pod().placement();
    if (!placement.nodeSelector().isEmpty()) {
      spec.withNodeSelector(placement.nodeSelector());
    }
    List<Toleration> tolerations = new ArrayList<>();
    placement.tolerations().forEach(taint -> tolerations.add(toleration(taint)));
    if (placement.spot()) {
      SPOT.forEach((key, value) ->
          tolerations.add(toleration(new Placement.Tolerated(key, value, "NoSchedule"))));
      spec.withNewAffinity()
          .withNewNodeAffinity()
          .withPreferredDuringSchedulingIgnoredDuringExecution(preferred())
          .endNodeAffinity()
          .endAffinity()
          .withTopologySpreadConstraints(
              spread(plan, "kubernetes.io/hostname"), spread(plan, "topology.kubernetes.io/zone"));
    }
    if (!tolerations.isEmpty()) {
      spec.withTolerations(tolerations);
    }
  }

  static Map<String, String> notes(Plan plan) {
    return plan.pod().placement().spot()
        ? Map.of(
            "spec.template.spec.topologySpreadConstraints",
            "So that one node or zone that vanishes takes few workers with it.",
            "spec.template.spec.affinity",
            "Spot nodes of GKE, EKS, Karpenter and AKS first, others when there are none.")
        : Map.of();
  }

  private static List<PreferredSchedulingTerm> preferred() {
    List<PreferredSchedulingTerm> terms = new ArrayList<>();
    SPOT.forEach((key, value) ->
        terms.add(
            new PreferredSchedulingTermBuilder()
                .withWeight(100)
                .withNewPreference()
                .withMatchExpressions(node(key, "In", value))
                .endPreference()
                .build()));
    return terms;
  }

  private static NodeSelectorRequirement node(String key, String operator, String value) {
    return new NodeSelectorRequirementBuilder()
        .withKey(key)
        .withOperator(operator)
        .withValues(value)
        .build();
  }

  private static TopologySpreadConstraint spread(Plan plan, String key) {
    return new TopologySpreadConstraintBuilder()
        .withMaxSkew(1)
        .withTopologyKey(key)
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(plan.names().selector(Names.Component.WORKER))
        .endLabelSelector()
        .build();
  }

  private static Toleration toleration(Placement.Tolerated taint) {
    return new TolerationBuilder()
        .withKey(taint.key())
        .withOperator(taint.value() == null ? "Exists" : "Equal")
        .withValue(taint.value())
        .withEffect(taint.effect())
        .build();
  }
}
