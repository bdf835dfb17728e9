package dev.piecework.cli.results;

import java.io.IOException;

/** Takes results out of a queue, and gives them to a sink. */
public interface Pump {

  /** Takes some of what is there now, and says how many. */
  int take() throws IOException;

  /** Takes the rest: no more will be committed. */
  void takeAll() throws IOException;
}
