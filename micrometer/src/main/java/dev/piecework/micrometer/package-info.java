/**
 * Meters of what a worker does and of how a queue stands, under the names that {@code
 * docs/metrics.md} has, and an observation of each attempt, of which tracers make spans.
 */
@NullMarked
package dev.piecework.micrometer;

import org.jspecify.annotations.NullMarked;
