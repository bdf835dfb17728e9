/** What is kept or passed on of each command that a worker runs, beside its result. */
@NullMarked
package dev.piecework.cli.kept;

import org.jspecify.annotations.NullMarked;
