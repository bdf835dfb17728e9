package dev.piecework.worker.process;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What all slots of a loop share while any of them runs: the guard, the watch, the scratch folder.
 */
final class Lifeline {
  private int users;
  private @Nullable Shared shared;

  /** One slot's hold on what is shared. */
  record Shared(Scratch scratch, Guard guard, Watch watch) {
    Path folder() {
      return scratch.folder();
    }
  }

  /** The first that joins opens it. Each {@code join} is answered by one {@link #leave}. */
  synchronized Shared join() throws IOException {
    Shared now = shared;
    if (now == null) {
      Scratch scratch = Scratch.open();
      now = new Shared(scratch, new Guard(scratch.folder()), new Watch());
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
      now.guard().close();
      now.scratch().close();
    }
  }
}
