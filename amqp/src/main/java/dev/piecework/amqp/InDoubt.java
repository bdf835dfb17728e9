package dev.piecework.amqp;

import dev.piecework.QueueAdmin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The batch that was begun and whose acknowledgement is not certain, as it is kept with the run
 * before the batch is filled, and taken back when the broker has confirmed.
 *
 * @param generation which of its sources of batches is in use: one that broke off cannot be filled
 *     again, since the broker need not give messages in the same order
 * @param nonce what the ids of the batch have in common; empty when nothing is in doubt
 * @param most how many messages may be delivered again: those of the batch, and what was taken
 *     beside them
 * @param batch what tells the batch from another
 */
record InDoubt(int generation, String nonce, int most, Contents batch) {

  static final InDoubt NONE = new InDoubt(1, "", 0, new Contents(0, ""));

  private static final int DIGITS = 32;
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,9}) ([0-9a-f]*) (\\d{1,9}) (\\d{1,9}) ([0-9a-f]*)");

  /** How many messages it had, and a digest of which, in whatever order. */
  record Contents(int count, String digest) {

    static Contents of(List<Message> batch) {
      String all = batch.stream().map(MessageIds::key).sorted().collect(Collectors.joining("\n"));
      return new Contents(
          batch.size(), MessageIds.digest(all.getBytes(StandardCharsets.UTF_8), DIGITS));
    }
  }

  /** The name of the note for this source; those of several fills of a run differ. */
  static String note(String source) {
    return "amqp-" + MessageIds.digest(source.getBytes(StandardCharsets.UTF_8), 8);
  }

  static InDoubt read(QueueAdmin queue, String source) {
    Matcher text = TEXT.matcher(queue.note(note(source)).orElse(""));
    return text.matches()
        ? new InDoubt(
            Integer.parseInt(text.group(1)),
            text.group(2),
            Integer.parseInt(text.group(3)),
            new Contents(Integer.parseInt(text.group(4)), text.group(5)))
        : NONE;
  }

  void keep(QueueAdmin queue, String source) {
    String text =
        "%d %s %d %d %s".formatted(generation, nonce, most, batch.count(), batch.digest());
    if (!queue.note(note(source), text)) {
      throw new IllegalStateException(
          "the run keeps no more notes: it is filled from more than ten queues of RabbitMQ");
    }
  }

  /** These are about to be filled. */
  InDoubt with(String newNonce, List<Message> messages) {
    return new InDoubt(generation, newNonce, messages.size(), Contents.of(messages));
  }

  InDoubt atMost(int newMost) {
    return new InDoubt(generation, nonce, newMost, batch);
  }

  InDoubt settled() {
    return new InDoubt(generation, "", 0, NONE.batch);
  }

  InDoubt nextGeneration() {
    return new InDoubt(generation + 1, nonce, most, batch);
  }

  boolean isSomething() {
    return !nonce.isEmpty();
  }

  /**
   * Whether this is what was in doubt, come again: the broker says so, or, since one that was
   * killed has forgotten what it had delivered, the first of them are what the batch was.
   */
  boolean isIn(List<Message> taken) {
    return taken.stream().anyMatch(Message::redelivered)
        || (taken.size() >= batch.count()
            && Contents.of(taken.subList(0, batch.count())).equals(batch));
  }
}
