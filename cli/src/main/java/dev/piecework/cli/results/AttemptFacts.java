package dev.piecework.cli.results;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a process knows of the commands that it ran, and a queue does not keep. */
@FunctionalInterface
public interface AttemptFacts {

  /** Knows nothing. */
  AttemptFacts NONE = (id, attempt) -> null;

  /** How this attempt ended, if that is known; it is asked once. */
  @Nullable Fact of(String id, int attempt);

  /**
   * How a command ended.
   *
   * @param exitCode as a shell has it: 128 + n where a signal n ended it
   * @param signal that ended it, or 0
   * @param stderr the end of what it wrote there
   */
  record Fact(Instant started, Duration took, int exitCode, int signal, String stderr) {}
}
