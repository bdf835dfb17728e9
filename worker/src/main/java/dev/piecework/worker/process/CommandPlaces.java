package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where commands run, and where they are told to put what is temporary. Called by the slots. */
public interface CommandPlaces {

  /** In the worker's own folder, with the {@code TMPDIR} that it has itself. */
  CommandPlaces NONE = (attempt, slot) -> null;

  /**
   * Makes the place of a command that is about to be started.
   *
   * @param attempt whom it is for; of a batch the first
   * @param slot that runs it, from 1
   * @return null where there is none
   * @throws IOException when it cannot be made: the items are given back then, uncounted, and
   *     others may do them again at once. Whoever throws it has seen to it that the worker stops
   */
  @Nullable CommandPlace before(Attempt attempt, int slot) throws IOException;

  /** The place of one command. */
  interface CommandPlace {

    /** The folder that it runs in; null for the worker's own. */
    @Nullable Path folder();

    /** The value of {@code TMPDIR}; null for the worker's own. */
    @Nullable Path temporary();

    /**
     * It has ended, or could not be started.
     *
     * @param done whether it did what it was to do
     */
    void after(boolean done);
  }
}
