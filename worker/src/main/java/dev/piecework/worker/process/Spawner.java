package dev.piecework.worker.process;

import java.io.IOException;

/** Runs one command at a time, each in a process group of its own. For one slot. */
interface Spawner extends AutoCloseable {

  /**
   * Runs a call to its end. If the slot is interrupted meanwhile, the call is ended and the
   * thread's interrupt status stays set.
   *
   * @throws IOException when nothing can be started or the scratch folder cannot be used: the call
   *     may have run
   */
  Ending run(Call call) throws IOException;

  @Override
  void close() throws IOException;
}
