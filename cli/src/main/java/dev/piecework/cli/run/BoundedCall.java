package dev.piecework.cli.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A last question to a Redis that may be away, of a process that was told to stop: it does not wait
 * for an answer as long as others would.
 */
final class BoundedCall {

  private BoundedCall() {}

  /** The answer; empty when none came in time, or it was an error. */
  static <T> Optional<T> ask(Supplier<T> question, Duration atMost) throws InterruptedException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("last-question")
        .start(() -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException failed) {
            answer.completeExceptionally(failed);
          }
        });
    try {
      return Optional.of(answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException noAnswer) {
      return Optional.empty();
    }
  }
}
