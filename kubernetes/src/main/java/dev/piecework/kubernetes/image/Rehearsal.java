package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.util.List;

/**
 * A worker's life in small, for Java to record which classes it loads and how it links them. It
 * needs a queue, which this module knows nothing of.
 */
public interface Rehearsal {

  /**
   * Lets a worker do a few items and end.
   *
   * @param java the command line up to the class to run; the words of the verb {@code work} follow
   * @throws IOException when it did not get to its end
   */
  void perform(List<String> java) throws IOException, InterruptedException;
}
