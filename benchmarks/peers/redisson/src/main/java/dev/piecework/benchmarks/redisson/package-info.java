@NullMarked
package dev.piecework.benchmarks.redisson;

import org.jspecify.annotations.NullMarked;
