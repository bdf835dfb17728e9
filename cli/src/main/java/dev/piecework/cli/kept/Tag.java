package dev.piecework.cli.kept;

import dev.piecework.Result;
import dev.piecework.cli.verb.Printable;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.PlacedText;

/** What stands before a line, to say whose it is: printable, on one line, with a tab behind it. */
final class Tag {

  private static final int MOST = 200;

  private final PlacedText text;

  Tag(String format) {
    this.text = PlacedText.of(format);
  }

  String of(Attempt attempt, int slot) {
    return Printable.line(text.filled(attempt, slot), MOST) + "\t";
  }

  /** Which slot has done it is not known any more. */
  String of(Result result) {
    return of(new Attempt(result.id(), result.payload(), result.attempt(), 0), 0);
  }
}
