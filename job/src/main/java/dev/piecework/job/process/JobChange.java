package dev.piecework.job.process;

import dev.piecework.job.policy.JobRules;
import java.util.Optional;

/** What may be changed of a Job while it runs. */
public sealed interface JobChange {
  /** How many pods at a time. */
  record Parallelism(int pods) implements JobChange {}

  /** Suspends the Job, or resumes it. */
  record Suspend(boolean suspended) implements JobChange {}

  default JobRules in(JobRules rules) {
    return switch (this) {
      case Parallelism p -> rules.withParallelism(p.pods());
      case Suspend s -> rules.withSuspend(s.suspended());
    };
  }

  /** As a line of a control file. */
  default String line() {
    return switch (this) {
      case Parallelism p -> "parallelism " + p.pods();
      case Suspend s -> "suspend " + s.suspended();
    };
  }

  static Optional<JobChange> parse(String line) {
    String[] words = line.strip().split(" ", -1);
    if (words.length == 2 && words[0].equals("parallelism") && words[1].matches("\\d{1,9}")) {
      return Optional.of(new Parallelism(Integer.parseInt(words[1])));
    }
    if (words.length == 2 && words[0].equals("suspend")) {
      return Optional.of(new Suspend(Boolean.parseBoolean(words[1])));
    }
    return Optional.empty();
  }
}
