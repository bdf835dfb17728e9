package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.session.SystemText;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command line with places for items. Immutable.
 *
 * <p>In every argument but the first, <code>{}</code> is the payload, <code>{id}</code> the item's
 * id and <code>{attempt}</code> the attempt's number; payloads are put in as bytes and are not
 * looked at again. If no argument has <code>{}</code>, the payload becomes the last argument,
 * unless it goes to standard input. With several items, an argument with a place in it is repeated
 * for each of them.
 */
public final class CommandTemplate {
  private static final byte[] PAYLOAD = {'{', '}'};
  private static final byte[] ID = "{id}".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NUMBER = "{attempt}".getBytes(StandardCharsets.US_ASCII);

  private final List<String> argv;
  private final boolean verbatim;
  private final boolean stdin;
  private final List<byte[]> parts;
  private final boolean hasPayload;
  private volatile @Nullable Path executable;

  private CommandTemplate(List<String> argv, boolean verbatim, boolean stdin) {
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new IllegalArgumentException("argv: no command given");
    }
    if (argv.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("argv: an argument has a NUL character");
    }
    this.argv = List.copyOf(argv);
    this.verbatim = verbatim;
    this.stdin = stdin;
    parts = this.argv.stream().map(SystemText::bytes).toList();
    hasPayload = !verbatim && parts.stream().skip(1).anyMatch(p -> find(p, PAYLOAD, 0) >= 0);
  }

  /** A command and its arguments, never seen by a shell. */
  public static CommandTemplate of(List<String> argv) {
    return new CommandTemplate(argv, false, false);
  }

  /**
   * A text for {@code sh}; the payload is {@code $1} (of a batch {@code "$@"}), and the text itself
   * has no places.
   */
  public static CommandTemplate shell(String text) {
    return new CommandTemplate(List.of("/bin/sh", "-c", text, "sh"), true, false);
  }

  /** The same command with the payload on its standard input. */
  public CommandTemplate onStdin() {
    return new CommandTemplate(argv, verbatim, true);
  }

  /**
   * Finds the command, so that a misspelt one is known before anything is leased.
   *
   * @throws CommandUnusableException in one line: it is not there, not executable, or a folder
   */
  public void check() throws CommandUnusableException {
    executable = find(argv.getFirst());
  }

  /**
   * The arguments of a call for these attempts; the first is the command's absolute path.
   *
   * @throws CommandUnusableException when the command is not there
   */
  public List<byte[]> arguments(List<Attempt> attempts) throws CommandUnusableException {
    Path command = executable;
    if (command == null) {
      command = find(argv.getFirst());
      executable = command;
    }
    List<byte[]> all = new ArrayList<>(parts.size() + attempts.size());
    all.add(SystemText.bytes(command.toString()));
    for (byte[] part : parts.subList(1, parts.size())) {
      if (verbatim || find(part, (byte) '{', 0) < 0 || !hasPlace(part)) {
        all.add(part);
      } else {
        attempts.forEach(a -> all.add(filled(part, a)));
      }
    }
    if (!hasPayload && !stdin) {
      attempts.forEach(a -> all.add(a.payload()));
    }
    return all;
  }

  /**
   * The command as a long-lived child is started: no item is in it.
   *
   * @throws CommandUnusableException when the command is not there
   */
  public List<String> plain() throws CommandUnusableException {
    List<String> all = new ArrayList<>(argv);
    all.set(0, find(argv.getFirst()).toString());
    return all;
  }

  /** Whether an argument has a place for an item. */
  public boolean hasPlaces() {
    return !verbatim && parts.stream().skip(1).anyMatch(CommandTemplate::hasPlace);
  }

  /** Whether the payload goes to standard input. */
  public boolean takesStdin() {
    return stdin;
  }

  /** For a message: what the user typed. */
  @Override
  public String toString() {
    return String.join(" ", argv);
  }

  private static Path find(String name) throws CommandUnusableException {
    if (name.contains("{}")) {
      throw new CommandUnusableException(
          name + ": the command itself cannot be an item; give a command, or --sh '\"$1\"'");
    }
    if (name.indexOf('/') >= 0) {
      Path path = Path.of(name).toAbsolutePath();
      Optional<String> fault = fault(path);
      if (fault.isPresent()) {
        throw new CommandUnusableException(name + ": " + fault.get());
      }
      return path;
    }
    String search = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    String first = null;
    for (String folder : search.split(File.pathSeparator, -1)) {
      Path path = Path.of(folder.isEmpty() ? "." : folder, name).toAbsolutePath();
      Optional<String> fault = fault(path);
      if (fault.isEmpty()) {
        return path;
      }
      if (first == null && Files.exists(path)) {
        first = path + ": " + fault.get();
      }
    }
    throw new CommandUnusableException(
        first != null ? first : name + ": command not found on the PATH (" + search + ")");
  }

  private static Optional<String> fault(Path path) {
    if (Files.isDirectory(path)) {
      return Optional.of("is a folder, not a command");
    }
    if (!Files.exists(path)) {
      return Optional.of("no such file");
    }
    return Files.isExecutable(path) ? Optional.empty() : Optional.of("is not executable");
  }

  private static boolean hasPlace(byte[] part) {
    return find(part, PAYLOAD, 0) >= 0 || find(part, ID, 0) >= 0 || find(part, NUMBER, 0) >= 0;
  }

  private static byte[] filled(byte[] part, Attempt attempt) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(part.length + attempt.payload().length);
    int at = 0;
    while (at < part.length) {
      if (startsWith(part, PAYLOAD, at)) {
        out.writeBytes(attempt.payload());
        at += PAYLOAD.length;
      } else if (startsWith(part, ID, at)) {
        out.writeBytes(attempt.id().getBytes(StandardCharsets.UTF_8));
        at += ID.length;
      } else if (startsWith(part, NUMBER, at)) {
        out.writeBytes(Integer.toString(attempt.number()).getBytes(StandardCharsets.US_ASCII));
        at += NUMBER.length;
      } else {
        out.write(part[at++]);
      }
    }
    return out.toByteArray();
  }

  private static int find(byte[] text, byte[] word, int from) {
    for (int i = from; i <= text.length - word.length; i++) {
      if (startsWith(text, word, i)) {
        return i;
      }
    }
    return -1;
  }

  private static int find(byte[] text, byte one, int from) {
    for (int i = from; i < text.length; i++) {
      if (text[i] == one) {
        return i;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] text, byte[] word, int at) {
    if (at + word.length > text.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (text[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }
}
