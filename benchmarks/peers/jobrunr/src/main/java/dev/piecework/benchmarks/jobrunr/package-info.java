@NullMarked
package dev.piecework.benchmarks.jobrunr;

import org.jspecify.annotations.NullMarked;
