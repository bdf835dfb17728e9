package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The containers of each pod of a Redis that is more than one server. */
final class RedisMembers {

  static final String ARGS_NOTE =
      "Which part it plays is found out at each start, by asking the others: a master that comes"
          + " back is no master as long as another may have more than it. Append-only file, eviction"
          + " and memory are as those of a single Redis.";

  private static final String POD = "spec.template.spec";

  /**
   * A replica that has not copied yet cannot take over: while it is not ready, no pod that is ready
   * is evicted.
   */
  private static final String COPIED =
      "redis-cli ping | grep -q PONG && redis-cli info replication | tr -d '\\r'"
          + " | grep -qx -e role:master -e master_link_status:up";

  private RedisMembers() {}

  static Map<String, String> notes(RedisLayout layout) {
    Map<String, String> notes = new HashMap<>();
    notes.put("spec.podManagementPolicy", "They ask each other how to start.");
    switch (layout) {
      case RedisLayout.Single _ -> {}
      case RedisLayout.Replicas _ -> {
        notes.put(
            POD + ".containers[0].readinessProbe",
            "The master, or a replica that has what the master has.");
        notes.put(
            POD + ".containers[1].args",
            "The Sentinels agree on who is master, make another when it is gone, and tell workers.");
      }
      case RedisLayout.Shards _ -> {
        notes.put(
            POD + ".containers[0].readinessProbe",
            "A master that has slots, or a replica that has what it has, of a Cluster that works.");
        notes.put(
            POD + ".containers[1].args",
            "Makes them a Cluster, and keeps them one: pods come back with other addresses, or with"
                + " an empty volume.");
      }
    }
    return notes;
  }

  static List<Container> containers(Names names, RedisPlan.Deployed redis) {
    return switch (redis.layout()) {
      case RedisLayout.Single _ -> List.of();
      case RedisLayout.Replicas _ ->
          List.of(
              server(names, redis, script("redis-member.sh"), COPIED),
              beside(
                  "sentinel",
                  names,
                  redis,
                  script("redis-sentinel.sh"),
                  "redis-cli -p 26379 ping | grep -q ."));
      case RedisLayout.Shards _ ->
          List.of(
              server(
                  names,
                  redis,
                  script("redis-node.sh"),
                  // In this order: an empty node that is made a replica in between is not ready.
                  "redis-cli cluster nodes | grep myself"
                      + " | grep -q -e slave -e 'connected [0-9]'"
                      + " && redis-cli cluster info | tr -d '\\r' | grep -qx cluster_state:ok && "
                      + COPIED),
              beside(
                  "cluster",
                  names,
                  redis,
                  script("redis-cluster.sh"),
                  "find /data/round -mmin -2 | grep -q ."));
    };
  }

  private static Container server(
      Names names, RedisPlan.Deployed redis, String script, String ready) {
    ContainerBuilder container = RedisServer.server(names, redis);
    if (redis.layout() instanceof RedisLayout.Shards) {
      container
          .addNewPort()
          .withName("bus")
          .withContainerPort(RedisLayout.BUS_PORT)
          .endPort()
          .addNewEnv()
          .withName("POD_IP")
          .withNewValueFrom()
          .withNewFieldRef()
          .withFieldPath("status.podIP")
          .endFieldRef()
          .endValueFrom()
          .endEnv();
    }
    return container
        .withArgs("sh", "-c", Literal.of(script))
        .addAllToEnv(membership(names, redis.layout()))
        .addNewEnv()
        .withName("MAX_MEMORY")
        .withValue(RedisServer.dataIn(redis.size().memory()))
        .endEnv()
        .withReadinessProbe(RedisServer.asked(ready).withFailureThreshold(2).build())
        .build();
  }

  /** What runs in the pod beside its Redis. */
  private static Container beside(
      String name, Names names, RedisPlan.Deployed redis, String script, String alive) {
    ContainerBuilder container =
        RedisServer.server(names, redis)
            .withName(name)
            .withArgs("sh", "-c", Literal.of(script))
            .addAllToEnv(membership(names, redis.layout()))
            .withResources(resources(redis.size()))
            .withStartupProbe(
                RedisServer.asked(alive).withPeriodSeconds(1).withFailureThreshold(600).build())
            .withLivenessProbe(
                RedisServer.asked(alive).withPeriodSeconds(10).withFailureThreshold(6).build());
    Integer port = RedisPorts.of(redis.layout()).get(name);
    return port == null
        ? container.withPorts(List.of()).build()
        : container.editFirstPort().withName(name).withContainerPort(port).endPort().build();
  }

  private static ResourceRequirements resources(RedisPlan.Size size) {
    ResourceRequirementsBuilder resources =
        new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity("50m"))
            .addToRequests("memory", new Quantity("64Mi"))
            .addToLimits("memory", new Quantity("64Mi"));
    if (size.cpu() != null) {
      resources.addToLimits("cpu", new Quantity("200m"));
    }
    return resources.build();
  }

  /** Who the members are, and which of them this is. */
  private static List<EnvVar> membership(Names names, RedisLayout layout) {
    return List.of(
        new EnvVarBuilder()
            .withName("POD_NAME")
            .withNewValueFrom()
            .withNewFieldRef()
            .withFieldPath("metadata.name")
            .endFieldRef()
            .endValueFrom()
            .build(),
        new EnvVar("ME", "$(POD_NAME)." + names.redis(), null),
        new EnvVar("MEMBERS", String.join(" ", names.redisHosts(layout.pods())), null));
  }

  private static String script(String name) {
    return text(name).replace("{{ask}}\n", text("redis-ask.sh"));
  }

  private static String text(String name) {
    try (InputStream in = RedisMembers.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not among the classes");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
