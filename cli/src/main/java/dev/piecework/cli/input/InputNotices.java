package dev.piecework.cli.input;

import dev.piecework.FillRefusedException;
import java.util.function.Consumer;

/**
 * What is said of an input beside its items: what was taken off its lines, and which were left out.
 * For one reading of it.
 */
public final class InputNotices {

  private final Consumer<String> said;
  private long blank;
  private long returnsKept;
  private boolean mark;
  private boolean returns;

  /**
   * @param said takes each sentence, as soon as it is known
   */
  public InputNotices(Consumer<String> said) {
    this.said = said;
  }

  /** For one that only looks. */
  public static InputNotices none() {
    return new InputNotices(unheard -> {});
  }

  void say(String sentence) {
    said.accept(sentence);
  }

  void blankSkipped() {
    blank++;
  }

  void markDropped() {
    mark = true;
  }

  void returnsTakenOff() {
    returns = true;
    said.accept("the lines end in CR LF: the CR is taken off (--keep-cr leaves it)");
  }

  void returnKept() {
    returnsKept++;
  }

  /** Lines that were left out because nothing was in them. */
  public long blank() {
    return blank;
  }

  /** Says what is known only at the end of the input. */
  public void sayAtTheEnd() {
    if (blank > 0) {
      said.accept(
          lines(blank, "blank line")
              + (blank == 1 ? " was" : " were")
              + " skipped (--keep-blank makes items of them)");
    }
    if (returnsKept > 0) {
      said.accept(
          lines(returnsKept, "line")
              + (returnsKept == 1 ? " ends" : " end")
              + " in CR LF and the first one does not: the CR is part of the item (tr -d '\\r'"
              + " takes it off)");
    }
  }

  private static String lines(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /**
   * What was refused, since it is not what an earlier fill gave; with what else may be the cause.
   * An earlier version made items of blank lines, and left marks and CRs where they were.
   */
  FillRefusedException explained(FillRefusedException refused) {
    boolean lines = blank > 0 || returns;
    if (!lines && !mark) {
      return refused;
    }
    return new FillRefusedException(
        refused.getMessage()
            + (lines
                ? " (an earlier version made items of blank lines, and left the CR of CR LF: what it"
                    + " has begun goes on with --keep-blank --keep-cr)"
                : " (a byte order mark was dropped, which an earlier version did not do)"));
  }
}
