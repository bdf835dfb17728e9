package dev.piecework.cli;

import dev.piecework.worker.SlotLoop;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command that is run for the items, and what it is given. */
final class CommandOptions {

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Up to N payloads in one call; a failing call is halved until the culprit is alone.")
  int batch = 1;

  @Option(
      names = "--nul",
      description = "A batch's output is split into records at NUL, not at newlines.")
  boolean nul;

  @Option(names = "--stdin", description = "The payload comes on the command's standard input.")
  boolean stdin;

  @Option(
      names = "--sh",
      paramLabel = "TEXT",
      description = "Run TEXT with sh -c; the payload is $$1 there, never pasted text.")
  @Nullable String shell;

  @Option(
      names = "--timeout",
      paramLabel = "1m",
      description = "Per item: then its process group gets SIGTERM, 5 s later SIGKILL.")
  @Nullable Duration timeout;

  @Option(
      names = "--child",
      description = "Start the command once per slot; items are JSON lines on its stdin, answers on its stdout.")
  boolean child;

  @Option(
      names = "--window",
      paramLabel = "64",
      description = "With --child: how many items are sent ahead.")
  @Nullable Integer window;

  List<String> words = List.of();

  /** Whether a result is a line of something: of a batch's output, of a child's. */
  boolean resultsAreLines() {
    return child || batch > 1;
  }

  /** What of this changes results: part of a run's default name. */
  List<String> whatChangesResults() {
    return List.of(
        String.join("\0", words),
        String.valueOf(shell),
        "batch " + batch + nul,
        "stdin " + stdin,
        "child " + child);
  }

  SlotLoop loop(Terminal terminal) {
    throw new UnsupportedOperationException();
  }
}
