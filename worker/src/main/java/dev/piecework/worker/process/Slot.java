package dev.piecework.worker.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One slot's spawner and what it shares with the others, from its first item to its last. */
final class Slot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Slot.class);

  private final Lifeline lifeline;
  private final Spawner spawner;
  private final Caller caller;

  Slot(Lifeline lifeline, CommandConfig config, int number, boolean nul) {
    this.lifeline = lifeline;
    caller = new Caller(config, nul);
    try {
      Lifeline.Shared shared = lifeline.join();
      spawner = shared.starter().spawner(shared, config, number);
    } catch (IOException e) {
      throw new UncheckedIOException("commands cannot be run here: " + e.getMessage(), e);
    }
  }

  Caller caller() {
    return caller;
  }

  Ending run(Call call) throws IOException {
    return spawner.run(call);
  }

  @Override
  public void close() {
    try {
      try {
        spawner.close();
      } finally {
        lifeline.leave();
      }
    } catch (IOException e) {
      log.warn("cleaning up after commands: {}", e.getMessage());
    }
  }
}
