package dev.piecework.amqp;

import dev.piecework.QueueAdmin;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The batch that was begun and whose acknowledgement is not certain, as it is kept with the run
 * before the batch is filled, and taken back when the broker has confirmed.
 *
 * @param generation which of its sources of batches is in use: one that broke off cannot be filled
 *     again, since the broker need not give messages in the same order
 * @param nonce what the ids of the batch have in common; empty when nothing is in doubt
 * @param size how many messages may be delivered again
 */
record InDoubt(int generation, String nonce, int size) {

  static final InDoubt NONE = new InDoubt(1, "", 0);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}) ([0-9a-f]*) (\\d{1,9})");

  /** The name of the note for this source; those of several fills of a run differ. */
  static String note(String source) {
    return "amqp-" + MessageIds.digest(source.getBytes(StandardCharsets.UTF_8), 8);
  }

  static InDoubt read(QueueAdmin queue, String source) {
    Matcher text = TEXT.matcher(queue.note(note(source)).orElse(""));
    return text.matches()
        ? new InDoubt(
            Integer.parseInt(text.group(1)), text.group(2), Integer.parseInt(text.group(3)))
        : NONE;
  }

  void keep(QueueAdmin queue, String source) {
    if (!queue.note(note(source), generation + " " + nonce + " " + size)) {
      throw new IllegalStateException(
          "the run keeps no more notes: it is filled from more than ten queues of RabbitMQ");
    }
  }

  InDoubt with(String newNonce, int newSize) {
    return new InDoubt(generation, newNonce, newSize);
  }

  InDoubt settled() {
    return new InDoubt(generation, "", 0);
  }

  InDoubt nextGeneration() {
    return new InDoubt(generation + 1, nonce, size);
  }

  boolean isSomething() {
    return !nonce.isEmpty();
  }
}
