package dev.piecework.estimate;

import java.time.Duration;

/**
 * What is left of a run.
 *
 * @param over how many items are done or dead
 * @param unfinished how many are not, those that are under way included
 * @param dueIn when the last of the delayed ones may begin; zero for none
 */
public record RemainingWork(long over, long unfinished, Duration dueIn) {}
