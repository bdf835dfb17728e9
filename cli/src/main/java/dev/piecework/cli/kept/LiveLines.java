package dev.piecework.cli.kept;

import dev.piecework.cli.output.LinePrefix;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.process.CommandRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/** What one command prints, line by line as it comes: never a part of a line among others'. */
final class LiveLines implements CommandRecord {

  /** A line that is longer comes in parts. */
  private static final int LONGEST = 16 << 20;

  private final Terminal terminal;
  private final LinePrefix prefix;
  private final Consumer<Refusal> failed;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private boolean broken;

  LiveLines(Terminal terminal, byte[] prefix, Consumer<Refusal> failed) {
    this.terminal = terminal;
    this.prefix = new LinePrefix(prefix);
    this.failed = failed;
  }

  @Override
  public synchronized void printed(byte[] bytes, int length) {
    int end = length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end > 0) {
      begun.write(bytes, 0, end);
      passOn();
    }
    begun.write(bytes, end, length - end);
    if (begun.size() > LONGEST) {
      begun.write('\n');
      passOn();
    }
  }

  private void passOn() {
    byte[] lines = begun.toByteArray();
    begun.reset();
    if (broken) {
      return;
    }
    try {
      terminal.print(prefix.on(lines));
      terminal.flush();
    } catch (Refusal nobodyListens) {
      broken = true;
      failed.accept(nobodyListens);
    }
  }

  @Override
  public synchronized void ended(End end) throws IOException {
    if (begun.size() > 0) {
      begun.write('\n');
      passOn();
    }
    if (broken) {
      throw new IOException("standard output cannot be written");
    }
  }
}
