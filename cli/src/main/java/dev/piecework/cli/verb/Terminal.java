package dev.piecework.cli.verb;

import dev.piecework.RedisUri;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verb has around it: facts go to standard output, all that is said to a person to stderr.
 */
public final class Terminal {

  private final OutputStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  // Whatever NO_COLOR says, a terminal obeys what it is sent.
  private final boolean outObeys;
  private final boolean errObeys;
  private String unfinishedLine = "";
  private volatile int columns;
  private volatile @Nullable LogFormat format;

  public Terminal(
      OutputStream out,
      PrintStream err,
      Map<String, String> environment,
      boolean outIsTerminal,
      boolean errIsTerminal) {
    this.out = out;
    this.err = err;
    this.environment = environment;
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    this.outObeys = outIsTerminal;
    this.errObeys = errIsTerminal;
    this.outIsTerminal = outIsTerminal && !plain;
    this.errIsTerminal = errIsTerminal && !plain;
  }

  /** This process's own. */
  public static Terminal ofProcess() {
    return new Terminal(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
        System.getenv(),
        isTerminal(1),
        isTerminal(2));
  }

  public static boolean inputIsTerminal() {
    return isTerminal(0);
  }

  @SuppressWarnings("SystemConsoleNull") // with -Djdk.console=java.base it is
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException elsewhere) {
      var console = System.console();
      return console != null && console.isTerminal();
    }
  }

  public Map<String, String> environment() {
    return environment;
  }

  public boolean outIsTerminal() {
    return outIsTerminal;
  }

  /** Whether a person looks at stderr; not where its lines are for machines. */
  public boolean errIsTerminal() {
    return errIsTerminal && format == null;
  }

  /** From now on each line on stderr is one of these. */
  public void logBy(LogFormat lines) {
    format = lines;
  }

  /** A line that is in the format already. */
  public void log(String line) {
    synchronized (err) {
      // Nothing in it ends a line for some, nor turns letters round; what was JSON still is.
      err.print(Printable.lines(line) + "\n");
      err.flush();
    }
  }

  private boolean logged(String event, String message) {
    LogFormat lines = format;
    if (lines != null) {
      log(lines.line(event, message));
    }
    return lines != null;
  }

  /** Whether it obeys more than the end of a line. */
  public boolean isDumb() {
    String kind = environment.getOrDefault("TERM", "");
    return kind.isEmpty() || kind.equals("dumb") || kind.equals("unknown");
  }

  /** Whether what is said to the person may have colours. */
  public boolean errHasColour() {
    return errIsTerminal && !isDumb();
  }

  /** How many characters a line may have; not more than 200, for a terminal that says nothing. */
  public int width() {
    try {
      int said = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
      return Math.clamp(said, 40, 200);
    } catch (NumberFormatException notSaid) {
      if (!outObeys && !errObeys) {
        return 80;
      }
    }
    int known = columns;
    if (known == 0) {
      Signals.onResize(() -> columns = askedWidth());
      known = askedWidth();
      columns = known;
    }
    return known;
  }

  private static int askedWidth() {
    return Math.clamp(TerminalDevice.size().map(TerminalDevice.Size::columns).orElse(80), 20, 400);
  }

  /** A line of facts. */
  public void print(String line) {
    try {
      synchronized (out) {
        String safe = outObeys ? Printable.lines(line) : line;
        out.write(safe.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
      }
    } catch (IOException closed) {
      throw nobodyListens(closed);
    }
  }

  /** Facts as they are; on a terminal, what would make it do something is made visible. */
  public void print(byte[] bytes) {
    try {
      synchronized (out) {
        out.write(outObeys ? Printable.lines(bytes) : bytes);
      }
    } catch (IOException closed) {
      throw nobodyListens(closed);
    }
  }

  /** What a screen is drawn with, as it is: all that others wrote is printable already. */
  public void draw(String ours) {
    try {
      synchronized (out) {
        out.write(ours.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException closed) {
      throw nobodyListens(closed);
    }
  }

  public void flush() {
    try {
      synchronized (out) {
        out.flush();
      }
    } catch (IOException closed) {
      throw nobodyListens(closed);
    }
  }

  private static Refusal nobodyListens(IOException why) {
    String said = String.valueOf(why.getMessage());
    return said.contains("Broken pipe")
        ? new Refusal(ExitCode.NOBODY_LISTENS, "standard output was closed", why)
        : new Refusal(ExitCode.CANNOT_WRITE, "cannot write to standard output: " + said, why);
  }

  /** One line to the person. */
  public void say(String line) {
    say("message", line);
  }

  /**
   * One line to the person.
   *
   * @param event what it is about, for machines: {@code started}
   */
  public void say(String event, String line) {
    if (logged(event, line)) {
      return;
    }
    synchronized (err) {
      String text = "piecework: " + (errObeys ? Printable.lines(line) : line);
      err.print(unfinishedLine.isEmpty() ? text + "\n" : "\r\033[K" + text + "\n" + unfinishedLine);
      err.flush();
    }
  }

  /** One line about what went wrong, under the name of the verb. */
  public void complain(String name, String line) {
    if (logged("error", name + ": " + line)) {
      return;
    }
    synchronized (err) {
      err.print(name + ": " + (errObeys ? Printable.lines(line) : line) + "\n");
      err.flush();
    }
  }

  /** A line that a command wrote on its stderr; what may do harm to a terminal is made visible. */
  public void passOn(String line) {
    passOn("", line);
  }

  /**
   * The same with something before it.
   *
   * @param before printable
   */
  public void passOn(String before, String line) {
    if (logged("stderr", before + line)) {
      return;
    }
    synchronized (err) {
      String text = before + (errObeys ? Printable.line(line, 4_000) : line);
      err.print(unfinishedLine.isEmpty() ? text + "\n" : "\r\033[K" + text + "\n" + unfinishedLine);
      err.flush();
    }
  }

  /** Replaces the line at the bottom of the terminal; empty for none. */
  public void bottomLine(String line) {
    if (format != null) {
      return;
    }
    synchronized (err) {
      if (!line.isEmpty() || !unfinishedLine.isEmpty()) {
        err.print("\r\033[K" + line);
        err.flush();
        unfinishedLine = line;
      }
    }
  }

  public void stackTrace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    if (logged("stack-trace", RedisUri.masked(trace.toString()))) {
      return;
    }
    synchronized (err) {
      err.print(RedisUri.masked(trace.toString()));
      err.flush();
    }
  }

  public PrintStream err() {
    return err;
  }
}
