/** A browser that measures the page and the report. */
@NullMarked
package dev.piecework.benchmarks.browser;

import org.jspecify.annotations.NullMarked;
