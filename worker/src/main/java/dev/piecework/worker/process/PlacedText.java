package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;

/**
 * A text with the places that an argument of a command may have, such as <code>{id}</code>: a tag,
 * the name of a folder. What is put in is not looked at again.
 */
public final class PlacedText {
  private final ArgumentTemplate template;

  private PlacedText(ArgumentTemplate template) {
    this.template = template;
  }

  /** Of a text in which <code>{}</code> is the payload. */
  public static PlacedText of(String text) {
    return new PlacedText(ArgumentTemplate.of(text, "{}"));
  }

  /** Whether it differs from item to item. */
  public boolean hasItem() {
    return template.hasItem();
  }

  /**
   * The text for this attempt.
   *
   * @param slot which does it, from 1
   */
  public byte[] filled(Attempt attempt, int slot) {
    return template.filled(attempt, slot);
  }
}
