package dev.piecework.job.run;

import dev.piecework.job.policy.Pod;

/** What makes containers run. Each that was begun is answered by one {@link JobLoop#exited}. */
public interface Containers {
  /** A pod is about to begin its first container. */
  void prepare(Created pod);

  /** Begins a container; {@code life} counts from 0 within the pod. */
  void start(String pod, int container, int life);

  /** Asks a container to end. */
  void terminate(String pod, int container);

  /** Ends a container now, and all that it started. */
  void kill(String pod, int container);

  /** The pod is over: nothing of it runs. */
  void over(String pod);

  /** A pod that the controller has made. */
  record Created(String name, String uid, int index, Pod.IndexFailures failures) {}
}
