package dev.piecework.kubernetes.manifest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which object runs the workers, and by which rules they are replaced. */
public enum Shape {
  /**
   * A Job without {@code completions}, as in the Kubernetes page on work queues: after the first
   * success no pod is started again.
   */
  QUEUE,
  /** A Job of N completions: whoever dies before the bag is drained is replaced. */
  POOL,
  /** A Deployment whose workers never end by themselves. */
  STREAM;

  /** As it is typed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words, in the order of the declaration. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Shape::word).toList();
  }

  /** The one that is typed like this. */
  public static Optional<Shape> named(String word) {
    return Arrays.stream(values()).filter(shape -> shape.word().equals(word)).findFirst();
  }

  /** Whether it is a {@code batch/v1} Job. */
  public boolean isJob() {
    return this != STREAM;
  }
}
