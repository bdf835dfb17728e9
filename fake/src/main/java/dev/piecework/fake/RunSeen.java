package dev.piecework.fake;

import dev.piecework.SessionOptions;
import org.jspecify.annotations.Nullable;

/** Which run somebody works for. Guarded by its bag. */
final class RunSeen {

  final SessionOptions options;

  /** Null before it has seen one. */
  @Nullable String run;

  RunSeen(SessionOptions options, @Nullable String seen) {
    this.options = options;
    this.run = options.run() != null ? options.run() : options.followsRuns() ? null : seen;
  }
}
