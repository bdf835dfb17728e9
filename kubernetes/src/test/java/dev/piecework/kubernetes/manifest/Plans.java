package dev.piecework.kubernetes.manifest;

import dev.piecework.kubernetes.manifest.PodOptions.EnvSource;
import dev.piecework.kubernetes.manifest.RedisPlan.Access;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Plans of all kinds. */
final class Plans {

  static final Names NAMES = new Names("job2", "job2", null);

  static final RedisPlan.Deployed DEPLOYED =
      new RedisPlan.Deployed(
          new Access.Made("redis://:s3cret@job2-redis:6379", "s3cret"),
          "redis:7-alpine",
          new RedisPlan.Size(null, Amount.memory("512Mi").limit(), Amount.disk("2Gi"), null));

  static final WorkerPlan WORKER =
      new WorkerPlan(
          "registry.example/job2:1",
          List.of("--wait-for-fill", "1h", "--redis-timeout", "10m", "--grace", "20s"),
          List.of("./worker.sh", "{}"),
          null,
          null);

  private Plans() {}

  /** As few options as there can be. */
  static Plan plain(Shape shape) {
    return new Plan(NAMES, JobPlan.of(shape, 2), WORKER, PodOptions.DEFAULTS, DEPLOYED);
  }

  /** As many options as a shape takes. */
  static Plan full(Shape shape) {
    Names names = new Names("renders", "Renders.2026:a", "batch");
    Duration day = Duration.ofDays(1);
    JobPlan job =
        switch (shape) {
          case POOL -> new JobPlan(shape, 200, true, true, 50, day, day, "spot-queue", null);
          case QUEUE -> new JobPlan(shape, 200, true, false, 50, day, day, "spot-queue", null);
          case STREAM ->
              new JobPlan(shape, 200, false, false, null, null, null, "spot-queue", keda());
        };
    WorkerPlan worker =
        new WorkerPlan(
            "registry.example/renders@sha256:" + "a".repeat(64),
            List.of("--slots", "4", "--batch", "10", "--timeout", "1m", "--grace", "1m"),
            List.of("sh", "-c", "echo \"$1\" $$ $(date)\nexit 0", "sh", "{}"),
            shape == Shape.STREAM ? null : "0123456789abcdef",
            shape == Shape.STREAM ? null : 200_000L);
    return new Plan(
        names,
        job,
        worker,
        pod(),
        new RedisPlan.Deployed(
            new Access.Existing("vault"),
            "valkey/valkey:8-alpine",
            new RedisPlan.Size(
                Amount.cpu("500m..1"), Amount.memory("4Gi").limit(), Amount.disk("20Gi"), "ssd")));
  }

  /** With a master and two replicas. */
  static Plan replicated(Plan plan) {
    return plan.redis() instanceof RedisPlan.Deployed deployed
        ? plan.withRedis(deployed.withLayout(new RedisLayout.Replicas(2)))
        : plan;
  }

  /** Of three masters, each with a replica. */
  static Plan sharded(Plan plan) {
    return plan.redis() instanceof RedisPlan.Deployed deployed
        ? plan.withRedis(deployed.withLayout(new RedisLayout.Shards(3)))
        : plan;
  }

  /** One that asks clients for a certificate. */
  static final RedisPlan TLS =
      new RedisPlan.External(
          new Access.Made(
              "rediss://:pw@cache.example:6380",
              "pw",
              new RedisPlan.Tls("authorities", "certificate", "private key")));

  /** Every plan that there is reason to look at. */
  static Stream<Plan> all() {
    return Stream.of(Shape.values())
        .flatMap(shape ->
            Stream.of(
                plain(shape),
                full(shape),
                replicated(plain(shape)),
                replicated(full(shape)),
                sharded(plain(shape)),
                sharded(full(shape)),
                plain(shape).withRedis(new RedisPlan.Open("redis://redis:6379")),
                plain(shape)
                    .withRedis(
                        new RedisPlan.External(
                            new Access.Made("rediss://:pw@cache.example:6380", "pw"))),
                plain(shape).withRedis(TLS),
                plain(shape).withRedis(new RedisPlan.External(new Access.Existing("vault")))));
  }

  private static KedaPlan keda() {
    return new KedaPlan(
        0,
        25,
        "renders-redis.batch.svc:6379",
        true,
        List.of("Renders.2026:a", "{Renders.2026:a}:delayed"));
  }

  private static PodOptions pod() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("MODE", "fast");
    env.put("PRICE", "5$$ or $(MODE)");
    env.put("HOME", "/tmp/home");
    return new PodOptions(
        Amount.cpu("4"),
        Amount.memory("8Gi"),
        Amount.disk("50Gi"),
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        "Always",
        List.of("registry"),
        env,
        List.of(
            new EnvSource(EnvSource.Kind.SECRET, "s3"),
            new EnvSource(EnvSource.Kind.CONFIG_MAP, "settings")),
        new PodOptions.Account("renderer", true),
        new Placement(
            Map.of("disk", "ssd"),
            List.of(
                new Placement.Tolerated("dedicated", "render", "NoSchedule"),
                new Placement.Tolerated("gpu", null, null)),
            true),
        true);
  }
}
