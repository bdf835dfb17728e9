/**
 * When a run ends, as a range that can be believed: pure functions of what the run's journal says
 * of the times of items, of how long the running ones have been under way, and of what is left.
 */
@NullMarked
package dev.piecework.estimate;

import org.jspecify.annotations.NullMarked;
