package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects of a Redis of the bag's own, but for the server itself. */
final class RedisObjects {

  static final int PORT = 6379;

  private RedisObjects() {}

  static List<Manifest> of(Plan plan, RedisPlan.Deployed redis) {
    Names names = plan.names();
    List<Manifest> all = new ArrayList<>();
    switch (redis.secret()) {
      case RedisPlan.Access.Made made -> all.add(RedisSecret.fixed(names, made));
      case RedisPlan.Access.Existing _ -> {}
    }
    all.add(networkPolicy(names, plan.job()));
    all.add(service(names));
    all.add(RedisServer.of(plan, redis));
    all.add(disruptionBudget(names));
    return all;
  }

  private static Manifest networkPolicy(Names names, JobPlan job) {
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
            .addNewPort()
            .withProtocol("TCP")
            .withPort(new IntOrString(PORT))
            .endPort()
            .endIngress()
            .endSpec()
            .build(),
        Map.of(
            "",
            "Only pods with the bag's label reach its Redis, and Redis itself reaches nobody. A"
                + " port-forward goes through the kubelet and is not affected."));
  }

  private static Manifest service(Names names) {
    return Manifest.of(
        new ServiceBuilder()
            .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
            .withNewSpec()
            .withSelector(names.selector(Names.Component.REDIS))
            .addNewPort()
            .withName("redis")
            .withPort(PORT)
            .withTargetPort(new IntOrString("redis"))
            .endPort()
            .endSpec()
            .build());
  }

  private static Manifest disruptionBudget(Names names) {
    return new Manifest(
        new PodDisruptionBudgetBuilder()
            .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
            .withNewSpec()
            .withMinAvailable(new IntOrString(1))
            .withUnhealthyPodEvictionPolicy("AlwaysAllow")
            .withSelector(
                new LabelSelectorBuilder()
                    .withMatchLabels(names.selector(Names.Component.REDIS))
                    .build())
            .endSpec()
            .build(),
        Map.of(
            "",
            "A node with this Redis on it is not drained while it works. Nothing would be lost: the"
                + " volume goes with it and workers wait --redis-timeout. Leave this out if your nodes"
                + " are drained by themselves and must not wait."));
  }
}
