package dev.piecework.cli.run;

import dev.piecework.Item;
import dev.piecework.QueueSettings;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.input.RecordReader;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The commands that a run would start, as lines for a shell, in the order of the input: first
 * attempts, in the first slot. No Redis is asked or started.
 */
final class DryRun {

  private static final byte[] QUOTED_QUOTE = "'\\''".getBytes(StandardCharsets.US_ASCII);

  private final Terminal terminal;
  private final CommandOptions command;
  private final List<Attempt> batch = new ArrayList<>();

  DryRun(Terminal terminal, CommandOptions command) {
    this.terminal = terminal;
    this.command = command;
  }

  /** Reads the input to its end. */
  void print(Input from, RecordFormat format, QueueSettings settings)
      throws IOException, CommandUnusableException {
    InputNotices notices = new InputNotices(terminal::say);
    try (InputStream in = from.open()) {
      RecordReader reader = format.reader(in, settings, notices);
      long number = 0;
      for (Item item = reader.next(); item != null; item = reader.next()) {
        number++;
        add(item.id() == null ? Long.toString(number) : item.id(), item.payload());
      }
    }
    flush();
    notices.sayAtTheEnd();
    terminal.flush();
  }

  private void add(String id, byte[] payload) throws CommandUnusableException {
    if (!command.stdin && new String(payload, StandardCharsets.ISO_8859_1).indexOf('\0') >= 0) {
      terminal.say(
          "item " + id + " would be dead at once: a NUL byte is in no argument; use --stdin");
      return;
    }
    Attempt attempt = new Attempt(id, payload, 1, 1);
    Optional<String> lacks = command.template().unfilled(attempt);
    if (lacks.isPresent()) {
      terminal.say("item " + id + " would be dead at once: " + Printable.line(lacks.get(), 300));
      return;
    }
    batch.add(attempt);
    if (batch.size() == command.batch) {
      flush();
    }
  }

  private void flush() throws CommandUnusableException {
    if (batch.isEmpty()) {
      return;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    if (command.stdin) {
      String each = command.batch == 1 ? "%s" : command.nul ? "%s\\0" : "%s\\n";
      word(line, "printf".getBytes(StandardCharsets.US_ASCII));
      word(line, each.getBytes(StandardCharsets.US_ASCII));
      batch.forEach(attempt -> word(line, attempt.payload()));
      line.writeBytes(" | ".getBytes(StandardCharsets.US_ASCII));
    }
    List<byte[]> words = command.template().arguments(batch, 1);
    for (byte[] variable : command.template().variables(batch.getFirst())) {
      assign(line, variable);
    }
    // As it was typed, not where it was found.
    String program = command.words.isEmpty() ? "sh" : command.words.getFirst();
    quote(line, program.getBytes(StandardCharsets.UTF_8));
    words.stream().skip(1).forEach(argument -> word(line, argument));
    line.write('\n');
    terminal.print(line.toByteArray());
    batch.clear();
  }

  /** A shell takes {@code 'NAME=value'} for a command: the name is in no quotes. */
  private static void assign(ByteArrayOutputStream line, byte[] variable) {
    int value = 0;
    while (variable[value++] != '=') {
      // Names are plain.
    }
    line.write(variable, 0, value);
    quote(line, Arrays.copyOfRange(variable, value, variable.length));
    line.write(' ');
  }

  private static void word(ByteArrayOutputStream line, byte[] word) {
    if (line.size() > 0) {
      line.write(' ');
    }
    quote(line, word);
  }

  private static void quote(ByteArrayOutputStream line, byte[] word) {
    if (isPlain(word)) {
      line.writeBytes(word);
      return;
    }
    line.write('\'');
    for (byte one : word) {
      if (one == '\'') {
        line.writeBytes(QUOTED_QUOTE);
      } else {
        line.write(one);
      }
    }
    line.write('\'');
  }

  private static boolean isPlain(byte[] word) {
    for (byte one : word) {
      boolean letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
      boolean digit = one >= '0' && one <= '9';
      if (!letter && !digit && "_@%+:,./-=".indexOf(one) < 0) {
        return false;
      }
    }
    return word.length > 0;
  }
}
