package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.internal.call.Call;
import dev.piecework.worker.internal.call.CallEnd;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.IOException;

/** Runs one command at a time, each in a process group of its own. For one slot. */
interface Spawner {

  /**
   * Runs a call to its end. If the slot is interrupted meanwhile, the call is ended and the
   * thread's interrupt status stays set.
   *
   * @throws NotStartedException when the system starts nothing at this moment: nothing ran
   * @throws CommandUnusableException when this command cannot be started: nothing ran
   * @throws IOException when what it gave as its result cannot be had whole: it ran
   */
  CallEnd run(Call call) throws IOException, CommandUnusableException;
}
