package dev.piecework.cli.input;

/**
 * Which records of an input become items, and what of a line belongs to its item.
 *
 * @param keepBlank whether a line that is empty or white space is an item
 * @param keepReturn whether the CR of CR LF belongs to the item
 * @param skip how many records are left out at the beginning
 * @param limit how many are read after those
 */
public record LineRules(boolean keepBlank, boolean keepReturn, long skip, long limit) {

  /** All records, as they are read by default. */
  static final LineRules DEFAULT = new LineRules(false, false, 0, Long.MAX_VALUE);

  /** Whether only a part of the input is read. */
  public boolean isPart() {
    return skip > 0 || limit < Long.MAX_VALUE;
  }
}
