/** Writes and reads the journal of a run. */
@NullMarked
package dev.piecework.internal.journal;

import org.jspecify.annotations.NullMarked;
