package dev.piecework.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How this machine reaches the Redis of pods. */
class KubeRedisTest {

  @Test
  void aHostOfTheNamespaceIsAService() {
    assertThat(KubeRedis.service("redis", "bags")).isEqualTo("redis");
    assertThat(KubeRedis.service("redis.bags.svc.cluster.local", "bags")).isEqualTo("redis");
    assertThat(KubeRedis.service("redis.other", "bags")).isNull();
    assertThat(KubeRedis.service("cache.example.com", "bags")).isNull();
    assertThat(KubeRedis.service("10.0.0.7", "bags")).isNull();
  }

  @Test
  void aHostOfAServiceWithoutAnAddressIsAPod() {
    var pod = new KubeRedis.PodHost("job2-redis-0", "job2-redis");
    assertThat(KubeRedis.PodHost.of("job2-redis-0.job2-redis", "bags")).isEqualTo(pod);
    assertThat(KubeRedis.PodHost.of("job2-redis-0.job2-redis.bags.svc.cluster.local", "bags"))
        .isEqualTo(pod);
    assertThat(KubeRedis.PodHost.of("job2-redis-0.job2-redis.other", "bags")).isNull();
    assertThat(KubeRedis.PodHost.of("redis", "bags")).isNull();
    assertThat(KubeRedis.PodHost.of("10.0.0.7", "bags")).isNull();
  }
}
