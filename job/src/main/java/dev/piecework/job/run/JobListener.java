package dev.piecework.job.run;

import dev.piecework.job.policy.JobEvent;
import dev.piecework.job.policy.Pod;

/** Told what happens to a Job, as it happens. */
public interface JobListener {
  /** An event of the Job, as {@code kubectl describe} lists it. */
  void event(JobEvent event);

  /** A pod is over. */
  void over(Pod pod);
}
