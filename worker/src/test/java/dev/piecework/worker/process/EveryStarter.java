package dev.piecework.worker.process;

/** The ways in which commands are started: what one promises, all do. */
enum EveryStarter {
  SHELL(""),
  C_LIBRARY(Shell.NONE);

  private static final String PROPERTY = "piecework.shell";

  private final String shell;

  EveryStarter(String shell) {
    this.shell = shell;
  }

  /** From now on commands of this JVM are started so. */
  void choose() {
    System.setProperty(PROPERTY, shell);
  }

  static void leaveToTheSystem() {
    System.clearProperty(PROPERTY);
  }
}
