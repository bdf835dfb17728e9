package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects of a plan. A pure function: the same plan gives the same objects. */
public final class Manifests {

  private Manifests() {}

  /** In the order in which they are to be applied. */
  public static List<Manifest> of(Plan plan) {
    List<Manifest> all = new ArrayList<>();
    if (plan.pod().account().name() == null) {
      all.add(serviceAccount(plan));
    }
    all.addAll(redis(plan));
    all.add(plan.job().shape().isJob() ? WorkerJob.of(plan) : WorkerDeployment.of(plan));
    if (plan.job().keda() != null) {
      all.addAll(KedaObjects.of(plan, plan.job().keda()));
    }
    if (plan.pod().metrics()) {
      all.add(WorkerMonitor.of(plan));
    }
    return List.copyOf(all);
  }

  private static List<Manifest> redis(Plan plan) {
    return switch (plan.redis()) {
      case RedisPlan.Deployed deployed -> RedisObjects.of(plan, deployed);
      case RedisPlan.External external ->
          switch (external.secret()) {
            case RedisPlan.Access.Made made -> List.of(RedisSecret.of(plan.names(), made));
            case RedisPlan.Access.Existing _ -> List.of();
          };
      case RedisPlan.Open _ -> List.of();
    };
  }

  private static Manifest serviceAccount(Plan plan) {
    return new Manifest(
        new ServiceAccountBuilder()
            .withMetadata(
                plan.names().metadata(plan.names().name(), Names.Component.WORKER).build())
            .withAutomountServiceAccountToken(false)
            .build(),
        Map.of("", "The workers' account has no rights: all they talk to is Redis."));
  }
}
