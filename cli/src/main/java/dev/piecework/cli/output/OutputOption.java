package dev.piecework.cli.output;

import dev.piecework.cli.verb.Terminal;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/** For people, or for programs. */
public final class OutputOption {

  enum Kind {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      description = "json: one object, or one per line.")
  Kind kind = Kind.TABLE;

  public boolean json() {
    return kind == Kind.JSON;
  }

  public void print(
      Terminal terminal, Consumer<JsonGenerator> properties, Supplier<String> sentence) {
    terminal.print(json() ? Json.object(properties) : sentence.get());
  }
}
