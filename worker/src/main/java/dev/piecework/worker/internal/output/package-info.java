/** What a command prints: held in memory up to a limit, or written to a file of its own. */
@NullMarked
package dev.piecework.worker.internal.output;

import org.jspecify.annotations.NullMarked;
