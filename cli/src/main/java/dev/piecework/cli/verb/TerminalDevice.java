package dev.piecework.cli.verb;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The terminal that this process was started from: its size, and single keys. By {@code stty},
 * which POSIX has everywhere; a library for it would be in every worker's image, for one verb.
 */
public final class TerminalDevice implements AutoCloseable {

  /** No key was pressed for a tenth of a second, or there is no terminal any more. */
  public static final int NONE = -1;

  private static final File DEVICE = new File("/dev/tty");
  private static final int PATIENCE_SECONDS = 5;

  public record Size(int columns, int rows) {}

  private final String before;
  private final FileInputStream keys;

  private TerminalDevice(String before, FileInputStream keys) {
    this.before = before;
    this.keys = keys;
  }

  /** Empty where there is none that says it. */
  public static Optional<Size> size() {
    return stty("size").flatMap(TerminalDevice::parsed);
  }

  private static Optional<Size> parsed(String rowsAndColumns) {
    String[] numbers = rowsAndColumns.strip().split(" ", -1);
    try {
      Size size = new Size(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[0]));
      // A serial line knows none, and says 0.
      return size.columns() > 0 && size.rows() > 0 ? Optional.of(size) : Optional.empty();
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException unknown) {
      return Optional.empty();
    }
  }

  /**
   * From now on keys are given to {@link #key} one by one and are not shown, until it is closed.
   * Ctrl-C is a signal as before; Ctrl-Z is nothing, for what was drawn would stay on the screen.
   */
  public static Optional<TerminalDevice> takeKeys() throws IOException {
    Optional<String> before = stty("-g").map(String::strip).filter(text -> !text.isEmpty());
    if (before.isEmpty()) {
      return Optional.empty();
    }
    FileInputStream keys = new FileInputStream(DEVICE);
    TerminalDevice device = new TerminalDevice(before.get(), keys);
    if (stty("-icanon", "-echo", "min", "0", "time", "1", "susp", "undef").isEmpty()) {
      device.close();
      return Optional.empty();
    }
    return Optional.of(device);
  }

  /**
   * Asks a person, whatever standard input is.
   *
   * @return the line that was typed; empty where there is no terminal
   */
  public static String ask(String question) throws IOException {
    try (FileOutputStream shown = new FileOutputStream(DEVICE);
        FileInputStream typed = new FileInputStream(DEVICE)) {
      shown.write(question.getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = typed.read(); next != -1 && next != '\n'; next = typed.read()) {
        line.write(next);
      }
      return line.toString(StandardCharsets.UTF_8);
    } catch (FileNotFoundException noTerminal) {
      return "";
    }
  }

  /** A byte of what was typed, or {@link #NONE}. */
  public int key() throws IOException {
    return keys.read();
  }

  @Override
  public void close() throws IOException {
    Optional<String> _ = stty(before);
    keys.close();
  }

  private static Optional<String> stty(String... arguments) {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(DEVICE))
              .redirectError(Redirect.DISCARD)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
    } catch (IOException noTerminal) {
      return Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
