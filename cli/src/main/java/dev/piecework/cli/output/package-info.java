/** What is printed: figures, tables, JSON, progress, how a queue stands and what its end means. */
@NullMarked
package dev.piecework.cli.output;

import org.jspecify.annotations.NullMarked;
