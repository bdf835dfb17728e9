/**
 * What is printed: figures, tables, JSON, progress, the state of a queue and what its end means.
 */
@NullMarked
package dev.piecework.cli.output;

import org.jspecify.annotations.NullMarked;
