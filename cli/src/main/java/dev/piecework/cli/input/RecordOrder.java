package dev.piecework.cli.input;

import dev.piecework.FillRefusedException;

/** In which order the records of an input become items. The same input gives the same order. */
public sealed interface RecordOrder {

  /** As they come: the only one that reads on while it fills, and holds nothing. */
  record OfInput() implements RecordOrder {}

  /** Each order is as likely as any other, by this seed. */
  record Shuffled(long seed) implements RecordOrder {}

  /** The largest number in this field first. */
  record LargestField(String field) implements RecordOrder {}

  /** The largest of the files that the payloads name first. */
  record LargestFile() implements RecordOrder {}

  /** A random sample by this seed, in the order of the others, which follow it. */
  record SampleFirst(SampleSize size, long seed, RecordOrder others) implements RecordOrder {}

  /** Whether nothing has to be read before the first item is known. */
  default boolean isOfInput() {
    return this instanceof OfInput;
  }

  /**
   * What was refused, since it is not what an earlier fill gave; with what else may be the cause.
   */
  default FillRefusedException explained(FillRefusedException refused) {
    return isOfInput()
        ? refused
        : new FillRefusedException(
            refused.getMessage()
                + " (with --shuffle and --size, and after a --sample, the order is another as soon as"
                + " one record, the seed, a size or the option itself is; what is new goes into an input of its own)");
  }
}
