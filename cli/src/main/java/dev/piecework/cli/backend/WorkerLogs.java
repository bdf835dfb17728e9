package dev.piecework.cli.backend;

/** What the workers of one name print. */
public interface WorkerLogs extends AutoCloseable {

  /** Reads what there is now, and comes back. */
  void printOnce();

  /** Begins to follow workers that have started since the last call. */
  void follow();

  /** Whether something is being read. */
  boolean isReading();

  @Override
  void close();
}
