package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.internal.session.Watch;
import dev.piecework.worker.process.SessionControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What all slots of a loop share while any of them runs: what ends sessions, the watch, the scratch
 * folder.
 */
public final class SharedRuntime {
  private final AtomicBoolean troubled = new AtomicBoolean();
  private int users;
  private @Nullable Shared shared;

  /** One slot's hold on what is shared. */
  public record Shared(Starter starter, Scratch scratch, Watch watch) {
    Path folder() {
      return scratch.folder();
    }

    public SessionControl control() {
      return starter.control();
    }
  }

  /** Whether nobody has asked this before. */
  boolean isFirstTrouble() {
    return !troubled.getAndSet(true);
  }

  /** The first that joins opens it. Each {@code join} is answered by one {@link #leave}. */
  public synchronized Shared join() throws IOException {
    Shared now = shared;
    if (now == null) {
      now = open();
      shared = now;
    }
    users++;
    return now;
  }

  private static Shared open() throws IOException {
    Scratch scratch = Scratch.open();
    try {
      Starter starter = Starter.open(scratch.folder());
      Watch watch = new Watch();
      if (starter.control() instanceof Watch.Watched watched) {
        watch.add(watched);
      }
      return new Shared(starter, scratch, watch);
    } catch (IOException e) {
      scratch.close();
      throw e;
    }
  }

  /** The last that leaves closes it. */
  public synchronized void leave() throws IOException {
    Shared now = shared;
    if (--users == 0 && now != null) {
      shared = null;
      now.watch().close();
      now.control().close();
      now.scratch().close();
    }
  }
}
