package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.call.ItemRecord;

/**
 * A text with the places that an argument of a command may have, such as <code>{id}</code>: a tag,
 * the name of a folder. What is put in is not looked at again.
 */
public final class PlacedText {
  private final ArgumentTemplate template;
  private final ArgumentTemplate ofRecord;

  private PlacedText(ArgumentTemplate template, ArgumentTemplate ofRecord) {
    this.template = template;
    this.ofRecord = ofRecord;
  }

  /**
   * Of a text in which <code>{}</code> is the payload, and <code>{name}</code> a field of one that
   * is a record; where that has no such field, it stays what it is.
   */
  public static PlacedText of(String text) {
    return new PlacedText(
        ArgumentTemplate.of(text, "{}", false), ArgumentTemplate.of(text, "{}", true));
  }

  /** Whether it differs from item to item. */
  public boolean hasItem() {
    return ofRecord.hasItem();
  }

  /**
   * The text for this attempt.
   *
   * @param slot which does it, from 1
   */
  public byte[] filled(Attempt attempt, int slot) {
    ItemRecord record = ofRecord.fields().isEmpty() ? null : ItemRecord.of(attempt.payload());
    return record != null && ofRecord.fields().stream().allMatch(f -> record.value(f) != null)
        ? ofRecord.filled(attempt, slot, record)
        : template.filled(attempt, slot, null);
  }
}
