package dev.piecework.embedded;

/** The wait between two looks at something that sends no signal, such as a starting server. */
final class Pause {
  private Pause() {}

  /** Two milliseconds: a tenth of what a start takes. */
  static void briefly() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisServerException("interrupted while waiting for Redis", e);
    }
  }
}
