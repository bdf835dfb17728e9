package dev.piecework;

/** Which dead items are meant. */
public sealed interface DeadItems {

  /** All of them. */
  record All() implements DeadItems {}

  /** The one with this id. */
  record WithId(String id) implements DeadItems {}

  /**
   * Those whose last failure is of this group of the run.
   *
   * @param id see {@link dev.piecework.journal.FailureGroup#id}; one that no group has means none
   */
  record InGroup(String id) implements DeadItems {}

  /**
   * Those whose last error contains this text: what the handler said of it, not who worked on it or
   * when. An empty text is refused with an IllegalArgumentException, for that would be all of them.
   */
  record WithError(String text) implements DeadItems {
    public WithError {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("an empty text is in every error; ask for all of them");
      }
    }
  }
}
