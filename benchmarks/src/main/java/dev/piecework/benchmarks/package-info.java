/** What the harness in {@code benchmarks/run} starts, and the JMH benchmarks of the pieces. */
@NullMarked
package dev.piecework.benchmarks;

import org.jspecify.annotations.NullMarked;
