package dev.piecework.job.policy;

import java.time.Instant;

/** Something that a person is told about a Job, as {@code kubectl describe} lists it. */
public record JobEvent(Instant at, boolean warning, String reason, String message) {
  static JobEvent normal(Instant at, String reason, String message) {
    return new JobEvent(at, false, reason, message);
  }

  static JobEvent warning(Instant at, String reason, String message) {
    return new JobEvent(at, true, reason, message);
  }
}
