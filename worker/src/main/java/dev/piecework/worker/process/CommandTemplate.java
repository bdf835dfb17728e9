package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.session.SystemText;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A command line with places for items. Immutable.
 *
 * <p>In every argument but the first there may be places:
 *
 * <ul>
 *   <li><code>{}</code> the payload; {@link #withPlace} makes another text this place
 *   <li><code>{.}</code> the payload, a path, without the extension
 *   <li><code>{/}</code> the name at its end, <code>{/.}</code> that without the extension
 *   <li><code>{//}</code> its folder, {@code .} where it names none
 *   <li><code>{id}</code> the item's id, <code>{attempt}</code> the attempt's number
 *   <li><code>{slot}</code> the slot that does it, from 1: no two that run at once in one worker
 *       have the same
 * </ul>
 *
 * <p>What is put in are bytes, and they are not looked at again. A name that begins with a dot has
 * no extension by that. If no argument has a place of the payload, it becomes the last argument,
 * unless it goes to standard input. With several items, an argument that differs from item to item
 * is repeated for each of them.
 */
public final class CommandTemplate {
  private static final String PAYLOAD = "{}";

  private final List<String> argv;
  private final boolean verbatim;
  private final boolean stdin;
  private final String place;
  private final List<ArgumentTemplate> arguments;
  private final boolean hasPayload;
  private volatile @Nullable Path executable;

  private CommandTemplate(List<String> argv, boolean verbatim, boolean stdin, String place) {
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new IllegalArgumentException("argv: no command given");
    }
    if (argv.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("argv: an argument has a NUL character");
    }
    this.argv = List.copyOf(argv);
    this.verbatim = verbatim;
    this.stdin = stdin;
    this.place = place;
    arguments =
        this.argv.stream()
            .skip(1)
            .map(a -> verbatim ? ArgumentTemplate.literal(a) : ArgumentTemplate.of(a, place))
            .toList();
    hasPayload = arguments.stream().anyMatch(ArgumentTemplate::hasPayload);
  }

  /** A command and its arguments, never seen by a shell. */
  public static CommandTemplate of(List<String> argv) {
    return new CommandTemplate(argv, false, false, PAYLOAD);
  }

  /**
   * A text for {@code sh}; the payload is {@code $1} (of a batch {@code "$@"}), and the text itself
   * has no places.
   */
  public static CommandTemplate shell(String text) {
    return new CommandTemplate(List.of("/bin/sh", "-c", text, "sh"), true, false, PAYLOAD);
  }

  /** The same command with the payload on its standard input. */
  public CommandTemplate onStdin() {
    return new CommandTemplate(argv, verbatim, true, place);
  }

  /**
   * The same command with another text for the whole payload, where <code>{}</code> itself is
   * wanted: the program {@code {} + .} of jq.
   *
   * @throws IllegalArgumentException for an empty text
   */
  public CommandTemplate withPlace(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("place: an empty text stands nowhere");
    }
    return new CommandTemplate(argv, verbatim, stdin, text);
  }

  /**
   * An argument that is the text of a program, such as that behind {@code sh -c}, with a place of a
   * payload or an id in it: whoever made the item would be writing that program.
   */
  public Optional<String> programWithItem() {
    OptionalInt index = ProgramText.in(argv);
    return index.isPresent() && arguments.get(index.getAsInt() - 1).hasForeignText()
        ? Optional.of(argv.get(index.getAsInt()))
        : Optional.empty();
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
   * @param slot which does them, from 1
   * @throws CommandUnusableException when the command is not there
   */
  public List<byte[]> arguments(List<Attempt> attempts, int slot) throws CommandUnusableException {
    List<byte[]> all = new ArrayList<>(arguments.size() + 1 + attempts.size());
    all.add(SystemText.bytes(executable().toString()));
    for (ArgumentTemplate argument : arguments) {
      if (argument.hasItem()) {
        attempts.forEach(a -> all.add(argument.filled(a, slot)));
      } else {
        all.add(argument.filled(slot));
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
   * @param slot whose child it is, from 1
   * @throws CommandUnusableException when the command is not there
   */
  public List<String> plain(int slot) throws CommandUnusableException {
    List<String> all = new ArrayList<>(List.of(executable().toString()));
    argv.stream().skip(1).map(a -> a.replace("{slot}", "" + slot)).forEach(all::add);
    return all;
  }

  private Path executable() throws CommandUnusableException {
    Path command = executable;
    if (command == null) {
      command = find(argv.getFirst());
      executable = command;
    }
    return command;
  }

  /** Whether an argument differs from item to item. */
  public boolean hasPlaces() {
    return arguments.stream().anyMatch(ArgumentTemplate::hasItem);
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
}
