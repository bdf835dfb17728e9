/**
 * The journal of a run: what Redis keeps of it beside its items, in at most 256 KiB however many
 * items there are. It is written with calls that are made anyway, so a worker that is killed loses
 * what it had not yet told, at most a third of the lease timeout: counts of items are exact, the
 * journal is not.
 */
@NullMarked
package dev.piecework.journal;

import org.jspecify.annotations.NullMarked;
