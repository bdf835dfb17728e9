package dev.piecework.estimate;

import dev.piecework.journal.ItemTimes;
import java.time.Duration;

/**
 * For how long the attempts of one worker had been under way when it was last heard.
 *
 * @param ages in the buckets of {@link ItemTimes}, one for each attempt
 * @param since how long ago that was: some have ended since, and others begun
 */
public record RunningAges(ItemTimes ages, Duration since) {}
