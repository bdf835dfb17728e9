/**
 * What a user of the worker does not type, in packages by subject; no module outside may use it.
 *
 * <p>They use one another in one direction. Of the worker: {@code exchange}, {@code slot}, {@code
 * dispatch}, and here what puts them together. Of the commands: {@code session}, {@code output},
 * {@code call}, {@code spawn}, {@code child}.
 */
@NullMarked
package dev.piecework.worker.internal;

import org.jspecify.annotations.NullMarked;
