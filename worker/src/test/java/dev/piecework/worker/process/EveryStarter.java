package dev.piecework.worker.process;

import dev.piecework.worker.internal.session.SystemCalls;

/** The ways in which commands are started: what one promises, all do. */
public enum EveryStarter {
  C_LIBRARY(false),
  SHELL(true);

  private final boolean shell;

  EveryStarter(boolean shell) {
    this.shell = shell;
  }

  /** From now on commands of this JVM are started so. */
  public void choose() {
    System.setProperty(SystemCalls.UNUSED, Boolean.toString(shell));
  }

  public static void leaveToTheSystem() {
    System.clearProperty(SystemCalls.UNUSED);
  }
}
