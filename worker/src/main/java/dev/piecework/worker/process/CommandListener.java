package dev.piecework.worker.process;

import org.jspecify.annotations.Nullable;

/**
 * Hears of each command that is started for items, what it prints, and how it ends; not of
 * long-lived children. Called by the slots, several at a time.
 */
@FunctionalInterface
public interface CommandListener {

  /** Hears of none. */
  CommandListener NONE = command -> null;

  /**
   * A command was started.
   *
   * @return who hears what it prints and how it ends, or null for nobody
   */
  @Nullable CommandRecord started(StartedCommand command);
}
