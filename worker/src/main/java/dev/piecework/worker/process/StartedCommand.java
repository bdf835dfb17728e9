package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import java.util.List;

/**
 * A command that was started.
 *
 * @param arguments its absolute path, and its arguments
 * @param attempts whom it is for: one, or those of a batch
 * @param slot that runs it, from 1
 * @param stdin how many bytes it is given on standard input
 */
public record StartedCommand(List<byte[]> arguments, List<Attempt> attempts, int slot, long stdin) {

  /** The first of whom it is for. */
  public Attempt attempt() {
    return attempts.getFirst();
  }
}
