package dev.piecework.worker.process;

/**
 * Whether a name in braces, such as <code>{name}</code>, <code>{a.b}</code> or <code>{2}</code>, is
 * a place for a field of the payload, a JSON object.
 */
public enum FieldPlaces {
  /** It is text: payloads have no fields. */
  NONE,

  /**
   * For a payload that is a JSON object it is a place, for any other it is text; so it is in the
   * text of a program ({@code sh -c TEXT}). For who does not know what is in the queue.
   */
  OF_RECORDS,

  /** The same, and in the text of a program it is a place like anywhere. */
  OF_RECORDS_AND_PROGRAMS,

  /** It is a place; a payload that is no JSON object buries its item. */
  ALWAYS
}
