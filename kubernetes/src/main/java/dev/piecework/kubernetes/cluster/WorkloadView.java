package dev.piecework.kubernetes.cluster;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Job, or the Deployment of the stream shape, as it was when it was asked for.
 *
 * @param kind Job or Deployment
 * @param uid tells it from another of the same name
 * @param wish how many pods it is to have
 * @param pods how many it has
 */
public record WorkloadView(
    String kind,
    String name,
    String uid,
    Map<String, String> labels,
    Map<String, String> annotations,
    Wish wish,
    Pods pods,
    End end,
    Worker worker) {

  /**
   * @param completions null where it is unset
   */
  public record Wish(@Nullable Integer completions, int parallelism, boolean suspended) {}

  /** As the controller counts them. */
  public record Pods(int active, int ready, int succeeded, int failed) {}

  /** Whether it is over. */
  public sealed interface End {
    /** Not yet. */
    record NotYet() implements End {}

    /** All completions are there. */
    record Complete() implements End {}

    /** The controller gave up. */
    record Failed(String reason, String message) implements End {}
  }

  /**
   * The container that works.
   *
   * @param arguments {@code args} of the container
   * @param redis where its REDIS_URL comes from; null where it has none
   */
  public record Worker(
      String container, String image, List<String> arguments, @Nullable EnvValue redis) {}

  /** Where a variable's value comes from. */
  public sealed interface EnvValue {
    /** It is written down. */
    record Literal(String text) implements EnvValue {}

    /** A key of a Secret has it. */
    record FromSecret(String secret, String key) implements EnvValue {}
  }

  public boolean isJob() {
    return kind.equals("Job");
  }

  public boolean isOver() {
    return !(end instanceof End.NotYet);
  }
}
