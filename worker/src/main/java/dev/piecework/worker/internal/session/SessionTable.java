package dev.piecework.worker.internal.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * What runs at this moment, in a file without a name that outlives this process in the guard's
 * hands. One line for each process: the file that is to be in its environment, and its session.
 *
 * <p>A start is written down before it is made, when the session is not yet known: a process that
 * is started at the very moment of our death can be told by that file's name in its environment.
 * Each line is written by one call of the system, so that none is ever seen half written.
 */
final class SessionTable implements AutoCloseable {
  private static final String NOTHING = "-";
  private static final int LINE = 32;
  private static final int SESSION = 8;

  private final SystemCalls system;
  private final int descriptor;
  private final BitSet used = new BitSet();
  private int lines;

  SessionTable(SystemCalls system) throws IOException {
    this.system = system;
    descriptor = system.memory();
  }

  int descriptor() {
    return descriptor;
  }

  /** A line of its own for a process that is about to be started. */
  int add(String file) throws IOException {
    int line;
    synchronized (this) {
      line = used.nextClearBit(0);
      for (; lines <= line; lines++) {
        write(lines, NOTHING, NOTHING);
      }
      used.set(line);
    }
    write(line, file, NOTHING);
    return line;
  }

  void started(int line, String file, int session) throws IOException {
    write(line, file, Integer.toString(session));
  }

  /** It is gone, or was never there. */
  void remove(int line) throws IOException {
    write(line, NOTHING, NOTHING);
    synchronized (this) {
      used.clear(line);
    }
  }

  private void write(int line, String file, String session) throws IOException {
    String text = file + " ".repeat(LINE - SESSION - 1 - file.length()) + session;
    byte[] bytes =
        (text + " ".repeat(LINE - 1 - text.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
    system.write(descriptor, bytes, (long) line * LINE);
  }

  @Override
  public void close() {
    system.close(descriptor);
  }
}
