package dev.piecework.kubernetes.manifest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a worker's container.
 *
 * @param image with {@code piecework} as its entry point, as {@code kube image} builds it
 * @param options the options of {@code piecework work}, as words
 * @param command the command for the items; empty when an option has it
 * @param run the id of the run that the workers are for; null for whichever they find
 * @param expect how many items the run must come to hold; null when nobody knows
 */
public record WorkerPlan(
    String image,
    List<String> options,
    List<String> command,
    @Nullable String run,
    @Nullable Long expect) {

  public WorkerPlan {
    options = List.copyOf(options);
    command = List.copyOf(command);
    if (image.isBlank() || image.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("the image '" + image + "' is not a name of an image");
    }
    if (expect != null && expect < 0) {
      throw new IllegalArgumentException("expect " + expect + ": it cannot be less than 0");
    }
  }

  public WorkerPlan withRun(String id) {
    return new WorkerPlan(image, options, command, id, expect);
  }

  public WorkerPlan withExpect(long items) {
    return new WorkerPlan(image, options, command, run, items);
  }

  /**
   * The container's arguments: the words of {@code piecework work}.
   *
   * @param pod those that its pod needs: how to reach Redis, beyond its URL, and ports
   */
  List<String> arguments(String queue, Shape shape, List<String> pod) {
    List<String> words = new ArrayList<>(List.of("work", queue));
    if (shape == Shape.STREAM) {
      words.add("--forever");
    }
    words.addAll(options);
    words.addAll(pod);
    if (run != null) {
      words.addAll(List.of("--run", run));
    }
    if (expect != null) {
      words.addAll(List.of("--expect", String.valueOf(expect)));
    }
    if (!command.isEmpty()) {
      words.add("--");
      words.addAll(command);
    }
    return words.stream().map(Literal::of).toList();
  }
}
