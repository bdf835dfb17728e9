package dev.piecework.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a Redis of several servers is made of; how it behaves is for its processes to show. */
final class RedisSetTest {

  private static final Plan PLAN = Plans.replicated(Plans.plain(Shape.POOL));

  private static <T extends HasMetadata> T only(Class<T> kind) {
    return ManifestsTest.only(kind, PLAN);
  }

  private static StatefulSet set() {
    return only(StatefulSet.class);
  }

  @Test
  void allPodsStartAtOnceForTheyAskEachOther() {
    assertThat(set().getSpec().getReplicas()).isEqualTo(3);
    assertThat(set().getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
    assertThat(set().getSpec().getVolumeClaimTemplates()).hasSize(1);
  }

  @Test
  void eachHasANameThatStays() {
    Service service = only(Service.class);
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(service.getMetadata().getName()).isEqualTo(set().getSpec().getServiceName());
    for (Container container : set().getSpec().getTemplate().getSpec().getContainers()) {
      List<String> env =
          container.getEnv().stream()
              .filter(variable -> variable.getValue() != null)
              .map(variable -> variable.getName() + "=" + variable.getValue())
              .toList();
      assertThat(env)
          .contains(
              "ME=$(POD_NAME).job2-redis",
              "MEMBERS=job2-redis-0.job2-redis job2-redis-1.job2-redis job2-redis-2.job2-redis");
      assertThat(container.getEnv().stream().map(EnvVar::getName).toList())
          .as("a variable is known to those after it")
          .containsSubsequence("POD_NAME", "ME");
    }
  }

  @Test
  void whatIsAcknowledgedIsOnTwo() {
    String script =
        set().getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs().get(2);
    assertThat(script)
        .contains("--min-replicas-to-write 1 ", "--appendonly yes", "--replica-announce-ip \"$ME\"")
        .doesNotContain("{{");
  }

  @Test
  void theKubeletPassesTheScriptsOnAsTheyAre() {
    for (Container container : set().getSpec().getTemplate().getSpec().getContainers()) {
      assertThat(container.getArgs().get(2)).doesNotContainPattern("(?<!\\$)\\$\\(");
    }
  }

  @Test
  void nodesAreDrainedOneByOneAndPodsAreKeptApartWherePossible() {
    assertThat(only(PodDisruptionBudget.class).getSpec().getMaxUnavailable().getIntVal()).isOne();
    var affinity = set().getSpec().getTemplate().getSpec().getAffinity().getPodAntiAffinity();
    assertThat(affinity.getRequiredDuringSchedulingIgnoredDuringExecution())
        .as("on a cluster of one node it has to run too")
        .isEmpty();
    assertThat(affinity.getPreferredDuringSchedulingIgnoredDuringExecution())
        .extracting(term -> term.getPodAffinityTerm().getTopologyKey())
        .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
  }

  @Test
  void theyReachEachOtherAndNobodyElse() {
    var policy = only(NetworkPolicy.class).getSpec();
    assertThat(policy.getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(policy.getIngress().getFirst().getPorts())
        .extracting(port -> port.getPort().getIntVal())
        .containsExactly(6379, 26379);
    assertThat(policy.getEgress().getFirst().getTo().getFirst().getPodSelector().getMatchLabels())
        .isEqualTo(set().getSpec().getSelector().getMatchLabels());
    assertThat(policy.getEgress().getLast().getPorts())
        .as("DNS")
        .allMatch(port -> List.of(53, 5353).contains(port.getPort().getIntVal()));
  }

  @Test
  void aClusterHasTwicePodsAndNamesAndTheBus() {
    Plan plan = Plans.sharded(Plans.plain(Shape.POOL));
    StatefulSet cluster = ManifestsTest.only(StatefulSet.class, plan);
    assertThat(cluster.getSpec().getReplicas()).isEqualTo(6);
    List<Container> containers = cluster.getSpec().getTemplate().getSpec().getContainers();
    assertThat(containers).extracting(Container::getName).containsExactly("redis", "cluster");
    assertThat(containers.getFirst().getArgs().get(2))
        .contains(
            "--cluster-announce-hostname \"$ME\"",
            "--cluster-preferred-endpoint-type hostname",
            "--cluster-require-full-coverage no",
            "-psync -sync")
        .doesNotContain("{{", "min-replicas-to-write");
    assertThat(containers.getFirst().getEnv()).extracting(EnvVar::getName).contains("POD_IP");
    assertThat(
            ManifestsTest.only(NetworkPolicy.class, plan)
                .getSpec()
                .getIngress()
                .getFirst()
                .getPorts())
        .extracting(port -> port.getPort().getIntVal())
        .containsExactly(16379, 6379);
  }

  @Test
  void twoSentinelsAreTooFew() {
    assertThatThrownBy(() -> new RedisLayout.Replicas(1))
        .hasMessageContaining("takes 2 to 4, not 1,");
    assertThatThrownBy(() -> new RedisLayout.Replicas(5)).hasMessageContaining("2 to 4");
    assertThatThrownBy(() -> new RedisLayout.Shards(2))
        .hasMessageContaining("takes 3 to 16, not 2,");
    assertThatThrownBy(() -> new RedisLayout.Shards(17)).hasMessageContaining("3 to 16");
  }
}
