package dev.piecework.worker.process;

import java.io.IOException;

/** Sends signals to sessions of processes, and ends them. Java knows single processes only. */
public interface SessionControl extends AutoCloseable {

  /** From now on this session's processes do not outlive the JVM. */
  void add(long session) throws IOException;

  /** The session has ended. */
  void remove(long session) throws IOException;

  /** SIGTERM to the group that the session's leader leads. */
  void terminate(long session) throws IOException;

  /** SIGKILL to every process of the session, its leader too. */
  void kill(long session) throws IOException;

  /** Whether the session has a living process but its leader. */
  boolean hasLeftovers(long session);

  @Override
  void close() throws IOException;
}
