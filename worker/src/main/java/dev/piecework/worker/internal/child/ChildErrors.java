package dev.piecework.worker.internal.child;

import dev.piecework.worker.internal.output.StderrTail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads a child's standard error, in a thread of its own, and keeps the end of it. */
final class ChildErrors {

  private final InputStream stream;
  private final StderrTail tail;
  private final Thread reader;

  /**
   * @param show is given each line
   */
  ChildErrors(InputStream stream, Consumer<String> show) {
    this.stream = stream;
    this.tail = new StderrTail(show);
    this.reader = Thread.ofPlatform().daemon().name("piecework-child-stderr").start(this::read);
  }

  /** A line of standard output that is no answer is treated as one of these. */
  void add(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (tail) {
      tail.add(bytes, bytes.length);
    }
  }

  /** Waits a second for what is still on its way: a grandchild may hold the pipe for ever. */
  void awaitEnd() throws InterruptedException {
    reader.join(1000);
  }

  /** The end of all that came. */
  byte[] kept() {
    synchronized (tail) {
      tail.end();
      return tail.kept();
    }
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try (InputStream in = stream) {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        synchronized (tail) {
          tail.add(buffer, read);
        }
      }
    } catch (IOException e) {
      // As its end.
    }
  }
}
