package dev.piecework.cli.throttle;

import org.jspecify.annotations.Nullable;

/** Says whether the next command may start. Asked by one thread at a time. */
interface StartRule {

  /** Why nothing may start now, for people; null if something may. */
  @Nullable String heldBack();

  /** A command starts now. */
  default void started() {}
}
