package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpecBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects of a Redis of the bag's own, but for the server itself. */
final class RedisObjects {

  private RedisObjects() {}

  static List<Manifest> of(Plan plan, RedisPlan.Deployed redis) {
    Names names = plan.names();
    List<Manifest> all = new ArrayList<>();
    switch (redis.secret()) {
      case RedisPlan.Access.Made made -> all.add(RedisSecret.fixed(names, made));
      case RedisPlan.Access.Existing _ -> {}
    }
    all.add(networkPolicy(names, plan.job(), redis.layout()));
    all.add(redis.layout().several() ? serviceOfSet(names, redis.layout()) : service(names));
    all.add(RedisServer.of(plan, redis));
    all.add(redis.layout().several() ? disruptionBudgetOfSet(names) : disruptionBudget(names));
    return all;
  }

  private static Manifest networkPolicy(Names names, JobPlan job, RedisLayout layout) {
    List<NetworkPolicyPeer> peers = new ArrayList<>();
    peers.add(
        new NetworkPolicyPeerBuilder()
            .withNewPodSelector()
            .addToMatchLabels("app.kubernetes.io/instance", names.name())
            .endPodSelector()
            .build());
    if (job.keda() != null) {
      peers.add(
          new NetworkPolicyPeerBuilder()
              .withNewNamespaceSelector()
              .addToMatchLabels("kubernetes.io/metadata.name", "keda")
              .endNamespaceSelector()
              .build());
    }
    List<NetworkPolicyPort> ports = new ArrayList<>();
    RedisPorts.of(layout).forEach((_, port) -> ports.add(port("TCP", port)));
    return new Manifest(
        new NetworkPolicyBuilder()
            .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
            .withNewSpec()
            .withNewPodSelector()
            .withMatchLabels(names.selector(Names.Component.REDIS))
            .endPodSelector()
            .withPolicyTypes("Ingress", "Egress")
            .addNewIngress()
            .withFrom(peers)
            .withPorts(ports)
            .endIngress()
            .withEgress(layout.several() ? egress(names, ports) : List.of())
            .endSpec()
            .build(),
        Map.of(
            "",
            layout.several()
                ? "Only pods with the bag's label reach its Redis, and that reaches its own pods and"
                    + " the cluster's DNS. A port-forward goes through the kubelet and is not"
                    + " affected."
                : "Only pods with the bag's label reach its Redis, and Redis itself reaches nobody. A"
                    + " port-forward goes through the kubelet and is not affected."));
  }

  /** To the other pods of Redis, and to DNS, which some clusters have on another port. */
  private static List<NetworkPolicyEgressRule> egress(Names names, List<NetworkPolicyPort> ports) {
    return List.of(
        new NetworkPolicyEgressRuleBuilder()
            .addNewTo()
            .withNewPodSelector()
            .withMatchLabels(names.selector(Names.Component.REDIS))
            .endPodSelector()
            .endTo()
            .withPorts(ports)
            .build(),
        new NetworkPolicyEgressRuleBuilder()
            .withPorts(port("UDP", 53), port("TCP", 53), port("UDP", 5353), port("TCP", 5353))
            .build());
  }

  private static NetworkPolicyPort port(String protocol, int number) {
    return new NetworkPolicyPortBuilder()
        .withProtocol(protocol)
        .withPort(new IntOrString(number))
        .build();
  }

  private static Manifest service(Names names) {
    return Manifest.of(
        new ServiceBuilder()
            .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
            .withNewSpec()
            .withSelector(names.selector(Names.Component.REDIS))
            .addNewPort()
            .withName("redis")
            .withPort(RedisLayout.PORT)
            .withTargetPort(new IntOrString("redis"))
            .endPort()
            .endSpec()
            .build());
  }

  private static Manifest serviceOfSet(Names names, RedisLayout layout) {
    List<ServicePort> ports = new ArrayList<>();
    RedisPorts.of(layout)
        .forEach((name, port) ->
            ports.add(
                new ServicePortBuilder()
                    .withName(name)
                    .withPort(port)
                    .withTargetPort(new IntOrString(name))
                    .build()));
    return new Manifest(
        new ServiceBuilder()
            .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
            .withNewSpec()
            .withClusterIP("None")
            .withPublishNotReadyAddresses(true)
            .withSelector(names.selector(Names.Component.REDIS))
            .withPorts(ports)
            .endSpec()
            .build(),
        Map.of(
            "spec.clusterIP",
            "No address of its own, but a name for each pod, which stays when its address changes.",
            "spec.publishNotReadyAddresses",
            "They have to find each other before any of them is ready."));
  }

  private static Manifest disruptionBudgetOfSet(Names names) {
    return disruptionBudget(
        names,
        new PodDisruptionBudgetSpecBuilder().withMaxUnavailable(new IntOrString(1)),
        "Nodes are drained one after the other, each once Redis is whole again.");
  }

  private static Manifest disruptionBudget(Names names) {
    return disruptionBudget(
        names,
        new PodDisruptionBudgetSpecBuilder().withMinAvailable(new IntOrString(1)),
        "A node with this Redis on it is not drained while it works. Nothing would be lost: the"
            + " volume goes with it and workers wait --redis-timeout. Leave this out if your nodes"
            + " are drained by themselves and must not wait.");
  }

  private static Manifest disruptionBudget(
      Names names, PodDisruptionBudgetSpecBuilder spec, String note) {
    return new Manifest(
        new PodDisruptionBudgetBuilder()
            .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
            .withSpec(
                spec.withUnhealthyPodEvictionPolicy("AlwaysAllow")
                    .withSelector(
                        new LabelSelectorBuilder()
                            .withMatchLabels(names.selector(Names.Component.REDIS))
                            .build())
                    .build())
            .build(),
        Map.of("", note));
  }
}
