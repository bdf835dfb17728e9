package dev.piecework.kubernetes.manifest;

/**
 * Everything that a cluster is to be told about one bag of work: {@link Manifests#of} makes the
 * objects.
 */
public record Plan(Names names, JobPlan job, WorkerPlan worker, PodOptions pod, RedisPlan redis) {

  public Plan withWorker(WorkerPlan other) {
    return new Plan(names, job, other, pod, redis);
  }

  public Plan withJob(JobPlan other) {
    return new Plan(names, other, worker, pod, redis);
  }

  public Plan withRedis(RedisPlan other) {
    return new Plan(names, job, worker, pod, other);
  }
}
