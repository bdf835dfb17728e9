/** Starting commands, by the C library or through a shell, and waiting for their end. */
@NullMarked
package dev.piecework.worker.internal.spawn;

import org.jspecify.annotations.NullMarked;
