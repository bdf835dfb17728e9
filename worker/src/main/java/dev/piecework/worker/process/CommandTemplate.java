package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.call.FieldName;
import dev.piecework.worker.internal.call.ItemRecord;
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
 *   <li>the fields of a payload that is a record: {@link #withFields}
 * </ul>
 *
 * <p>What is put in are bytes, and they are not looked at again. A name that begins with a dot has
 * no extension by that. If no argument has a place of the payload, it becomes the last argument,
 * unless it goes to standard input. With several items, an argument that differs from item to item
 * is repeated for each of them.
 */
public final class CommandTemplate {
  private static final String PAYLOAD = "{}";

  /**
   * How the command is given its items.
   *
   * @param verbatim whether no argument has a place, whatever it looks like
   * @param variables whether fields become variables
   */
  private record Form(
      boolean verbatim, boolean stdin, String place, FieldPlaces fields, boolean variables) {}

  private final List<String> argv;
  private final Form form;
  private final List<ArgumentTemplate> arguments;
  private final boolean hasPayload;

  /** The same for a payload that is a record. */
  private final List<ArgumentTemplate> ofRecord;

  private final List<FieldName> fields;
  private volatile @Nullable Path executable;

  /** Each item is asked for three times on its way to a command, and read once. */
  private volatile @Nullable Known last;

  private CommandTemplate(List<String> argv, Form form) {
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new IllegalArgumentException("argv: no command given");
    }
    if (argv.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("argv: an argument has a NUL character");
    }
    this.argv = List.copyOf(argv);
    this.form = form;
    arguments = this.argv.stream().skip(1).map(text -> argument(text, false)).toList();
    hasPayload = arguments.stream().anyMatch(ArgumentTemplate::hasPayload);
    List<ArgumentTemplate> withFields = withFields();
    fields = withFields.stream().flatMap(argument -> argument.fields().stream()).toList();
    ofRecord = fields.isEmpty() ? arguments : withFields;
  }

  private ArgumentTemplate argument(String text, boolean hasFields) {
    return form.verbatim
        ? ArgumentTemplate.literal(text)
        : ArgumentTemplate.of(text, form.place, hasFields);
  }

  private List<ArgumentTemplate> withFields() {
    if (form.fields == FieldPlaces.NONE) {
      return arguments;
    }
    // Who does not know of records may have braces in a program that has worked until now.
    int program = form.fields == FieldPlaces.OF_RECORDS ? ProgramText.in(argv).orElse(0) : 0;
    List<ArgumentTemplate> all = new ArrayList<>();
    for (int i = 1; i < argv.size(); i++) {
      all.add(i == program ? arguments.get(i - 1) : argument(argv.get(i), true));
    }
    return all;
  }

  private CommandTemplate with(Form other) {
    return new CommandTemplate(argv, other);
  }

  /** A command and its arguments, never seen by a shell. */
  public static CommandTemplate of(List<String> argv) {
    return new CommandTemplate(argv, new Form(false, false, PAYLOAD, FieldPlaces.NONE, false));
  }

  /**
   * A text for {@code sh}; the payload is {@code $1} (of a batch {@code "$@"}), and the text itself
   * has no places.
   */
  public static CommandTemplate shell(String text) {
    return new CommandTemplate(
        List.of("/bin/sh", "-c", text, "sh"),
        new Form(true, false, PAYLOAD, FieldPlaces.NONE, false));
  }

  /** The same command with the payload on its standard input. */
  public CommandTemplate onStdin() {
    return with(new Form(form.verbatim, true, form.place, form.fields, form.variables));
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
    return with(new Form(form.verbatim, form.stdin, text, form.fields, form.variables));
  }

  /**
   * The same command with places for fields: <code>{name}</code> is a field of a payload that is a
   * JSON object, <code>{a.b}</code> one inside another, <code>{2}</code> the second, unless one is
   * called 2. Names have letters, digits, {@code _} and {@code -}. A text comes in as what it is,
   * all else as JSON. An item whose record has no such field, or a null there, is buried.
   */
  public CommandTemplate withFields(FieldPlaces places) {
    return with(new Form(form.verbatim, form.stdin, form.place, places, form.variables));
  }

  /** The same command with each field of the payload, a JSON object, as {@link #variable}. */
  public CommandTemplate withFieldVariables() {
    return with(new Form(form.verbatim, form.stdin, form.place, form.fields, true));
  }

  /**
   * The name of the variable that a field becomes: {@code ITEM_UNIT_PRICE} of {@code unit-price}.
   */
  public static String variable(String field) {
    return FieldName.variable(field);
  }

  /**
   * The fields of this item's record as variables, each {@code NAME=value}; none where fields
   * become no variables, or the payload is no record.
   */
  public List<byte[]> variables(Attempt attempt) {
    ItemRecord record = form.variables ? record(attempt) : null;
    return record == null ? List.of() : record.variables();
  }

  /** Whether the payload, or a part of it, has a place, or goes to standard input. */
  public boolean takesPayload() {
    return form.stdin || ofRecord.stream().anyMatch(ArgumentTemplate::hasPayload);
  }

  /** The fields that have a place, in the order of the arguments. */
  public List<String> fields() {
    return fields.stream().map(FieldName::text).distinct().toList();
  }

  /** Whether fields become variables. */
  public boolean hasFieldVariables() {
    return form.variables;
  }

  /** Why this item cannot be put into the command, if its record lacks a field. */
  public Optional<String> unfilled(Attempt attempt) {
    if (fields.isEmpty() && !form.variables) {
      return Optional.empty();
    }
    ItemRecord record = record(attempt);
    if (record == null) {
      return form.variables || form.fields == FieldPlaces.ALWAYS
          ? Optional.of(
              "the payload is no record, a JSON object"
                  + (fields.isEmpty()
                      ? ""
                      : ", so it has no field '" + fields.getFirst().text() + "'"))
          : Optional.empty();
    }
    for (FieldName field : fields) {
      if (record.value(field) == null) {
        return Optional.of(
            "the record has no field '"
                + field.text()
                + "' with a value; it has "
                + record.names());
      }
    }
    return Optional.empty();
  }

  /** Whether some of these are records and some are not, so that no one call is right for all. */
  public boolean isMixture(List<Attempt> attempts) {
    return !fields.isEmpty()
        && attempts.stream().map(a -> record(a) == null).distinct().count() > 1;
  }

  /**
   * An argument that is the text of a program, such as that behind {@code sh -c}, with a place of a
   * payload or an id in it: whoever made the item would be writing that program.
   */
  public Optional<String> programWithItem() {
    OptionalInt index = ProgramText.in(argv);
    return index.isPresent() && ofRecord.get(index.getAsInt() - 1).hasForeignText()
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
    List<ItemRecord> records = records(attempts);
    boolean recordsOnly = !records.isEmpty();
    for (ArgumentTemplate argument : recordsOnly ? ofRecord : arguments) {
      if (argument.hasItem()) {
        for (int i = 0; i < attempts.size(); i++) {
          all.add(argument.filled(attempts.get(i), slot, recordsOnly ? records.get(i) : null));
        }
      } else {
        all.add(argument.filled(slot));
      }
    }
    if (!hasPayload && !recordsOnly && !form.stdin) {
      attempts.forEach(a -> all.add(a.payload()));
    }
    return all;
  }

  private record Known(byte[] payload, @Nullable ItemRecord record) {}

  @SuppressWarnings("ReferenceEquality") // the same array: to compare its bytes would cost more
  private @Nullable ItemRecord record(Attempt attempt) {
    Known known = last;
    if (known == null || known.payload != attempt.payload()) {
      known = new Known(attempt.payload(), ItemRecord.of(attempt.payload()));
      last = known;
    }
    return known.record;
  }

  /** None where no field has a place, or one of these is no record. */
  private List<ItemRecord> records(List<Attempt> attempts) {
    if (fields.isEmpty()) {
      return List.of();
    }
    List<ItemRecord> all = new ArrayList<>(attempts.size());
    for (Attempt attempt : attempts) {
      ItemRecord record = record(attempt);
      if (record == null) {
        return List.of();
      }
      all.add(record);
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
    return ofRecord.stream().anyMatch(ArgumentTemplate::hasItem);
  }

  /** Whether the payload goes to standard input. */
  public boolean takesStdin() {
    return form.stdin;
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
