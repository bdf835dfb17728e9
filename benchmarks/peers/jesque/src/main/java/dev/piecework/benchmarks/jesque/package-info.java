@NullMarked
package dev.piecework.benchmarks.jesque;

import org.jspecify.annotations.NullMarked;
