package dev.piecework.worker.process;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What all slots of a loop share while any of them runs: what ends sessions, the watch, the scratch
 * folder.
 */
final class Lifeline {
  private int users;
  private @Nullable Shared shared;

  /** One slot's hold on what is shared. */
  record Shared(Starter starter, Scratch scratch, SessionControl control, Watch watch) {
    Path folder() {
      return scratch.folder();
    }
  }

  /** The first that joins opens it. Each {@code join} is answered by one {@link #leave}. */
  synchronized Shared join() throws IOException {
    Shared now = shared;
    if (now == null) {
      Starter starter = Starter.find();
      Scratch scratch = Scratch.open();
      now = new Shared(starter, scratch, starter.control(scratch.folder()), new Watch());
      shared = now;
    }
    users++;
    return now;
  }

  /** The last that leaves closes it. */
  synchronized void leave() throws IOException {
    Shared now = shared;
    if (--users == 0 && now != null) {
      shared = null;
      now.watch().close();
      now.control().close();
      now.scratch().close();
    }
  }
}
