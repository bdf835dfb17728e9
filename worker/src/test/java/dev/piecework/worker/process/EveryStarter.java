package dev.piecework.worker.process;

/** The ways in which commands are started: what one promises, all do. */
enum EveryStarter {
  C_LIBRARY(false),
  SHELL(true);

  private final boolean shell;

  EveryStarter(boolean shell) {
    this.shell = shell;
  }

  /** From now on commands of this JVM are started so. */
  void choose() {
    System.setProperty(SystemCalls.UNUSED, Boolean.toString(shell));
  }

  static void leaveToTheSystem() {
    System.clearProperty(SystemCalls.UNUSED);
  }
}
