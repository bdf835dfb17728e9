package dev.piecework;

import org.jspecify.annotations.Nullable;

/**
 * How a producer fills.
 *
 * @param source the producer's name. A fill that broke off and is run again under the same name
 *     continues where it stopped and adds nothing twice. Null for a name of its own
 * @param continueOnlyBroken with a source: start anew (under that name and a number) when the last
 *     fill of this source was closed, instead of adding nothing; for names that were not given by a
 *     person
 * @param unique skip items whose id the run has seen, in any state
 * @param hold leave the producer open at the end, so that the queue is not drained between several
 *     fills; somebody closes it later
 */
public record FillOptions(
    @Nullable String source, boolean continueOnlyBroken, boolean unique, boolean hold) {

  /** Under a name of its own, closed at the end. */
  public static final FillOptions ANONYMOUS = new FillOptions(null, false, false, false);

  /** Idempotent, under this name. */
  public static FillOptions as(String source) {
    return new FillOptions(source, false, false, false);
  }
}
