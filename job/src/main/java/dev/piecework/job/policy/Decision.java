package dev.piecework.job.policy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a Job comes to.
 *
 * @param state the status as it is now; its counts hold for after the steps
 * @param steps what is to be done, in this order
 * @param counted the names of pods whose end need not be counted any more
 * @param wake when to look again although nothing happens, null for never
 */
public record Decision(
    JobState state, List<Step> steps, Set<String> counted, @Nullable Instant wake) {

  public Decision {
    steps = List.copyOf(steps);
    counted = Set.copyOf(counted);
  }

  /** One thing to do. */
  public sealed interface Step {}

  /** Begin a pod, of this index or -1; the event is {@code SuccessfulCreate}. */
  public record Create(int index, Pod.IndexFailures failures) implements Step {}

  /** Tell a pod to end; the event is {@code SuccessfulDelete}. */
  public record Delete(String pod) implements Step {}

  /** Tell people. */
  public record Tell(JobEvent event) implements Step {}
}
