package dev.piecework.cli.kept;

import dev.piecework.cli.results.AttemptFacts;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandListener;
import dev.piecework.worker.process.CommandRecord;
import dev.piecework.worker.process.StartedCommand;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How commands of this process ended, until the rows of their items are written. What is too much
 * is forgotten, the oldest first: its row then has what the queue keeps.
 */
final class KeptEnds implements CommandListener, AttemptFacts {

  private static final long MOST_BYTES = 64L << 20;
  private static final int OVERHEAD = 300;

  private final InstantSource clock = InstantSource.system();
  private final Map<String, Kept> ends = new LinkedHashMap<>();
  private long bytes;

  private record Kept(int attempt, Fact fact) {
    long size() {
      return OVERHEAD + 2L * fact.stderr().length();
    }
  }

  @Override
  public CommandRecord started(StartedCommand command) {
    Instant started = Instant.ofEpochMilli(clock.millis());
    return new CommandRecord() {
      @Override
      public void ended(End end) {
        if (!end.givenBack()) {
          String stderr = new String(end.stderr(), StandardCharsets.UTF_8);
          Fact fact = new Fact(started, end.took(), end.exitCode(), end.signal(), stderr);
          command.attempts().forEach(attempt -> keep(attempt, fact));
        }
      }
    };
  }

  private synchronized void keep(Attempt attempt, Fact fact) {
    forget(attempt.id());
    Kept kept = new Kept(attempt.number(), fact);
    ends.put(attempt.id(), kept);
    bytes += kept.size();
    while (bytes > MOST_BYTES) {
      forget(ends.keySet().iterator().next());
    }
  }

  private @Nullable Kept forget(String id) {
    Kept kept = ends.remove(id);
    bytes -= kept == null ? 0 : kept.size();
    return kept;
  }

  @Override
  public synchronized @Nullable Fact of(String id, int attempt) {
    Kept kept = forget(id);
    return kept != null && kept.attempt() == attempt ? kept.fact() : null;
  }
}
